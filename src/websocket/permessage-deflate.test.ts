import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom } from './feed-in-every-way.ts';
import { type DeflateOptions, acceptDeflate, negotiateDeflate, offerDeflate } from './permessage-deflate.ts';

/** Our options with contexts, so that the answer says only what the offer made it say. */
const kept: DeflateOptions = { serverNoContextTakeover: false, clientNoContextTakeover: false };
const answer = (offer: string, options: DeflateOptions = kept): string | undefined =>
  negotiateDeflate(offer, options)?.response;

describe('§7.1 negotiation by the server', () => {
  it('asks for no context on either side by default', () => {
    assert.deepEqual(negotiateDeflate('permessage-deflate; client_max_window_bits', {}), {
      parameters: {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        serverMaxWindowBits: 15,
        clientMaxWindowBits: 15,
      },
      response: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    });
  });

  it('§7.1.3: answers the examples', () => {
    assert.equal(answer('permessage-deflate'), 'permessage-deflate');
    const small = 'permessage-deflate; client_max_window_bits; server_max_window_bits=10';
    assert.equal(answer(small), 'permessage-deflate; server_max_window_bits=10');
    assert.equal(answer(`${small}, permessage-deflate; client_max_window_bits`)?.slice(-3), '=10');
  });

  it('§5: takes the first offer that it can accept, and skips other extensions', () => {
    const offers = [
      'x-webkit-deflate-frame',
      'permessage-bzip2; server_max_window_bits=9',
      'permessage-deflate; server_max_window_bits=8',
      'permessage-deflate; unknown',
      'permessage-deflate; server_max_window_bits=11',
      'permessage-deflate; server_max_window_bits=12',
    ];
    assert.equal(answer(offers.join(', ')), 'permessage-deflate; server_max_window_bits=11');
    assert.equal(answer('permessage-bzip2, Permessage-Deflate'), undefined);
    assert.equal(answer(''), undefined);
    assert.equal(answer('permessage-deflate, ;'), undefined, 'malformed');
  });

  it('declines offers with unknown, doubled or invalid parameters', () => {
    const bad = [
      'x',
      '__proto__',
      'constructor=1',
      'server_no_context_takeover=true',
      'client_no_context_takeover=1',
    ];
    bad.push('server_no_context_takeover; server_no_context_takeover', 'server_max_window_bits');
    bad.push('client_max_window_bits; client_max_window_bits=9', 'Server_No_Context_Takeover');
    for (const name of ['server_max_window_bits', 'client_max_window_bits']) {
      for (const bits of ['0', '7', '16', '08', '010', '+9', '-9', '9.0', '1e1', '0x9', '15a', '150'])
        bad.push(`${name}=${bits}`);
    }
    for (const parameters of bad)
      assert.equal(answer(`permessage-deflate; ${parameters}`), undefined, parameters);
    const many = Array.from({ length: 700 }, (_, i) => `; p${i}`).join('');
    assert.equal(answer(`permessage-deflate${many}, permessage-deflate`), 'permessage-deflate');
  });

  it('§7.1.1.1: server_no_context_takeover, asked for by either side', () => {
    const offer = 'permessage-deflate; server_no_context_takeover';
    assert.equal(answer(offer), offer);
    assert.equal(answer('permessage-deflate', { ...kept, serverNoContextTakeover: true }), offer);
  });

  it('§7.1.1.2: client_no_context_takeover, asked for or hinted at', () => {
    const offer = 'permessage-deflate; client_no_context_takeover';
    assert.equal(answer(offer), offer);
    assert.equal(answer('permessage-deflate', { ...kept, clientNoContextTakeover: true }), offer);
  });

  it('§7.1.2.1: server_max_window_bits, the smaller of what both want', () => {
    for (let bits = 9; bits <= 15; bits++) {
      const offer = `permessage-deflate; server_max_window_bits=${bits}`;
      assert.equal(answer(offer), offer);
      assert.equal(answer(`permessage-deflate; server_max_window_bits="${bits}"`), offer);
      const ours = `permessage-deflate; server_max_window_bits=${Math.min(bits, 12)}`;
      assert.equal(answer(offer, { ...kept, serverMaxWindowBits: 12 }), ours);
    }
    assert.equal(answer('permessage-deflate', { ...kept, serverMaxWindowBits: 9 })?.slice(-2), '=9');
    assert.equal(answer('permessage-deflate; server_max_window_bits=8'), undefined, 'zlib would use 9');
  });

  it('§7.1.2.2: client_max_window_bits, only when the client allows it', () => {
    const limited: DeflateOptions = { ...kept, clientMaxWindowBits: 10 };
    assert.equal(answer('permessage-deflate', limited), undefined);
    assert.equal(answer('permessage-deflate; client_max_window_bits'), 'permessage-deflate');
    assert.equal(
      answer('permessage-deflate; client_max_window_bits', limited),
      'permessage-deflate; client_max_window_bits=10',
    );
    for (const bits of [8, 9]) {
      const offer = `permessage-deflate; client_max_window_bits=${bits}`;
      assert.equal(answer(offer, limited), offer);
      assert.equal(negotiateDeflate(offer, kept)?.parameters.clientMaxWindowBits, bits);
    }
    assert.equal(answer('permessage-deflate; client_max_window_bits=15', limited)?.slice(-3), '=10');
  });

  it('throws for options out of range', () => {
    const bad: DeflateOptions[] = [
      { serverMaxWindowBits: 8 },
      { serverMaxWindowBits: 16 },
      { clientMaxWindowBits: 7 },
    ];
    bad.push(
      { clientMaxWindowBits: 9.5 },
      { level: 10 },
      { memLevel: 0 },
      { threshold: -1 },
      { threshold: Number.NaN },
    );
    for (const options of bad)
      assert.throws(() => negotiateDeflate('', options), RangeError, JSON.stringify(options));
    assert.throws(() => offerDeflate({ clientMaxWindowBits: 8 }), RangeError);
    negotiateDeflate('', { clientMaxWindowBits: 8, threshold: Infinity });
    assert.equal(
      offerDeflate({ ...kept, serverMaxWindowBits: 8 }),
      'permessage-deflate; server_max_window_bits=8; client_max_window_bits',
    );
  });
});

describe('§7.1 negotiation by the client', () => {
  const plain = 'permessage-deflate';
  const failing = (response: string, offer: string): string => {
    const outcome = acceptDeflate(response, offer);
    return outcome.type === 'failed' ? outcome.reason : outcome.type;
  };

  it('goes on without when the server says nothing', () => {
    assert.deepEqual(acceptDeflate('', plain), { type: 'declined' });
  });

  it('fails on an answer that was not asked for', () => {
    assert.match(failing('permessage-bzip2', plain), /does not answer/);
    assert.match(failing('permessage-deflate, permessage-deflate', plain), /does not answer/);
    assert.match(failing('permessage-deflate;', plain), /does not answer/);
    assert.match(failing('permessage-deflate; x=1', plain), /"x=1" is not valid/);
    const twice = 'server_no_context_takeover; server_no_context_takeover';
    assert.match(failing(`permessage-deflate; ${twice}`, plain), /twice/);
    assert.match(
      failing(plain, `${plain}; server_no_context_takeover`),
      /lacks "server_no_context_takeover"/,
    );
    assert.match(failing(plain, `${plain}; server_max_window_bits=10`), /server_max_window_bits=15/);
    assert.match(
      failing(`${plain}; server_max_window_bits=11`, `${plain}; server_max_window_bits=10`),
      /over the offer/,
    );
    assert.match(failing(`${plain}; client_max_window_bits`, `${plain}; client_max_window_bits`), /no value/);
    assert.match(failing(`${plain}; client_max_window_bits=10`, plain), /answers no offer/);
    assert.match(
      failing(`${plain}; client_max_window_bits=11`, `${plain}; client_max_window_bits=10`),
      /over the offer/,
    );
    assert.match(
      failing(`${plain}; client_max_window_bits=8`, `${plain}; client_max_window_bits`),
      /not supported/,
    );
  });

  it('§7.1.1.2, §7.1.2.2: keeps to its own hints when the answer ignores them', () => {
    const outcome = acceptDeflate(plain, `${plain}; client_no_context_takeover; client_max_window_bits=10`);
    assert.ok(outcome.type === 'accepted');
    assert.ok(outcome.parameters.clientNoContextTakeover);
    assert.equal(outcome.parameters.clientMaxWindowBits, 10);
  });
});

describe('two ends', () => {
  const bits = (least: number): fc.Arbitrary<number> => fc.integer({ min: least, max: 15 });
  const optionsOf = (server: number, client: number): fc.Arbitrary<DeflateOptions> =>
    fc.record(
      {
        serverNoContextTakeover: fc.boolean(),
        clientNoContextTakeover: fc.boolean(),
        serverMaxWindowBits: bits(server),
        clientMaxWindowBits: bits(client),
      },
      { requiredKeys: [] },
    );

  it('agree on the same parameters, or on nothing', () => {
    fc.assert(
      fc.property(optionsOf(8, 9), optionsOf(9, 8), (clientOptions, serverOptions) => {
        const offer = offerDeflate(clientOptions);
        const agreed = negotiateDeflate(offer, serverOptions);
        const outcome = acceptDeflate(agreed?.response ?? '', offer);
        const isTooSmall = clientOptions.serverMaxWindowBits === 8;
        assert.equal(agreed === undefined, isTooSmall);
        if (agreed === undefined) assert.deepEqual(outcome, { type: 'declined' });
        // An answer of 8 is one that our client cannot take: only ours, told so by its options, gives it.
        else if (agreed.parameters.clientMaxWindowBits === 8) assert.equal(outcome.type, 'failed');
        else assert.deepEqual(outcome, { type: 'accepted', parameters: agreed.parameters });
      }),
    );
  });
});

describe('anything at all', () => {
  it('is declined or agreed on, within the rules', () => {
    const random = seededRandom(7692);
    const pieces = [
      'permessage-deflate',
      'server_max_window_bits',
      'client_max_window_bits',
      '=',
      ';',
      ',',
      ' ',
      '"',
      '\\',
    ];
    pieces.push(
      'server_no_context_takeover',
      'client_no_context_takeover',
      '8',
      '9',
      '10',
      '15',
      '16',
      '0',
      '__proto__',
      '\n',
      '§',
    );
    pieces.push(
      '; client_max_window_bits',
      'permessage-deflate; ',
      '; server_max_window_bits=',
      ', permessage-deflate',
    );
    let agreements = 0;
    for (let round = 0; round < 20_000; round++) {
      const length = 1 + Math.floor(random() * 10);
      const header = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join(
        '',
      );
      acceptDeflate(header, header);
      const agreed = negotiateDeflate(header, kept);
      if (agreed === undefined) continue;
      agreements += 1;
      const { serverMaxWindowBits: server, clientMaxWindowBits: client } = agreed.parameters;
      assert.ok(server >= 9 && server <= 15 && client >= 8 && client <= 15, header);
      assert.equal(
        acceptDeflate(agreed.response, `${agreed.response}${client < 15 ? '' : '; client_max_window_bits'}`)
          .type,
        client === 8 ? 'failed' : 'accepted',
        header,
      );
    }
    assert.ok(agreements > 100, String(agreements));
  });
});
