import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { V3, V3_EARLY, V4, V4_BASE64 } from '../engineio/dialect.ts';
import { FrameForms } from './frame-forms.ts';

const OFFER = 'permessage-deflate; client_max_window_bits';

describe('FrameForms', () => {
  it('agrees on nothing unless the option is set', () => {
    const forms = new FrameForms(undefined);
    assert.equal(forms.agree(OFFER), undefined);
    assert.equal(forms.formFor(V4, undefined), undefined);
  });

  it('always agrees on messages that are compressed by themselves', () => {
    const forms = new FrameForms({ serverNoContextTakeover: false, concurrencyLimit: 1 });
    const agreement = forms.agree(OFFER);
    assert.equal(
      agreement?.response,
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    );
    assert.equal(forms.agree('x-other'), undefined);
  });

  it('takes the names of ws', () => {
    const forms = new FrameForms({
      threshold: 10,
      zlibDeflateOptions: { level: 9, memLevel: 7, chunkSize: 16 },
      clientNoContextTakeover: false,
      serverMaxWindowBits: 10,
      clientMaxWindowBits: 11,
    });
    const agreement = forms.agree(OFFER);
    assert.equal(
      agreement?.response,
      'permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11',
    );
    const { deflate } = forms.formFor(V4, agreement) ?? {};
    assert.deepEqual(
      [deflate?.threshold, deflate?.level, deflate?.memLevel, deflate?.windowBits],
      [10, 9, 7, 10],
    );
  });

  it('has one form for equal clients, and one compression for each window', () => {
    const forms = new FrameForms({});
    const [wide, narrow] = [forms.agree(OFFER), forms.agree('permessage-deflate; server_max_window_bits=9')];
    assert.equal(forms.formFor(V4, wide), forms.formFor(V4, forms.agree(OFFER)));
    assert.notEqual(forms.formFor(V4, wide), forms.formFor(V4, narrow));
    assert.notEqual(forms.formFor(V4, wide), forms.formFor(V3, wide));
    assert.equal(forms.formFor(V4, wide)?.deflate, forms.formFor(V3, wide)?.deflate);
    assert.equal(forms.formFor(V3, undefined), forms.formFor(V3_EARLY, undefined));
    assert.notEqual(forms.formFor(V4_BASE64, undefined), undefined);
  });

  it('refuses what cannot be, at once', () => {
    assert.throws(() => new FrameForms({ serverMaxWindowBits: 8 }), /serverMaxWindowBits "8"/);
    assert.throws(() => new FrameForms({ zlibDeflateOptions: { level: 10 } }), RangeError);
    assert.throws(() => new FrameForms({ threshold: -1 }), RangeError);
  });
});
