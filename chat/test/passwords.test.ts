import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { refusePassword } from '../server/password-rules.ts';
import { hashPassword, isOutdated, verifyPassword } from '../server/passwords.ts';

test('a password that anybody would guess is refused, whatever its ends and capitals', () => {
  const isRefused = (password: string): boolean => refusePassword(password, 'Ada') !== null;
  for (const password of [
    'Password123!',
    'passwordpassword',
    'sunshine2024',
    'MONKEYMONKEY',
    'Liverpool1!',
    '1qaz2wsx3edc',
    'CorrectHorseBatteryStaple',
    'motdepasse',
    'Contraseña',
    'passwort123',
    'qwertyuiop',
    'abababababab',
  ]) {
    assert.ok(isRefused(password), password);
  }
  for (const password of ['my monkey likes tea', 'sunshine over Kent', 'x7 passwords', 'Donaudampfschiff']) {
    assert.ok(!isRefused(password), password);
  }
});

test('a password is kept as a string that tells how it was made, another each time', async () => {
  const [first, second] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  assert.match(
    first,
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$|^\$scrypt\$ln=15,r=8,p=3\$/,
  );
  assert.notEqual(first, second);
  assert.equal(await verifyPassword('correct horse', first), true);
  assert.equal(await verifyPassword('correct hors', first), false);
  assert.equal(await verifyPassword('ｃorrect horse', first), true, 'however a keyboard writes its letters');
  assert.equal(isOutdated(first), false);
});

test('a password that was made by scrypt is known, and made anew at the next sign-in', async () => {
  const salt = Buffer.from('sixteen bytes ..');
  const hash = scryptSync('correct horse', salt, 32, { N: 2 ** 14, r: 8, p: 1 });
  const stored = `$scrypt$ln=14,r=8,p=1$${salt.toString('base64')}$${hash.toString('base64')}`;
  assert.equal(await verifyPassword('correct horse', stored), true);
  assert.equal(await verifyPassword('wrong horse', stored), false);
  assert.equal(isOutdated(stored), true);
});

test('what is no stored password fits none', async () => {
  for (const stored of [
    '',
    '$',
    'plain',
    '$md5$x$y$z',
    '$argon2id$v=19$m=19456,t=2,p=1$$',
    '$scrypt$ln=1$$',
  ]) {
    assert.equal(await verifyPassword('', stored).catch(() => false), false, stored);
  }
});

test('length is what a password needs', () => {
  assert.equal(refusePassword('nine char', 'Ada')?.code, 'weak password');
  assert.equal(refusePassword('password123', 'Ada')?.code, 'weak password');
  assert.equal(refusePassword('ababababababab', 'Ada')?.code, 'weak password');
  assert.equal(refusePassword('Countess of L', 'countess of l')?.code, 'weak password');
  assert.equal(refusePassword('three plain words', 'Ada'), null);
});
