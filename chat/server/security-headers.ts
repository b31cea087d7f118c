/** The headers that every answer carries, whoever writes it: Express, or the library for `/socket.io/`. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const SCRIPTS = "script-src 'self'";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  SCRIPTS,
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // Registering a service worker is a Trusted Types sink: this one policy may name its script.
  'trusted-types sw',
].join('; ');

const HEADERS: Map<string, string> = new Map([
  ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()'],
]);

/** Lets the page have this one script in it, and no other. */
export function allowScript(response: ServerResponse, script: string): void {
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = CONTENT_SECURITY_POLICY.replace(SCRIPTS, `${SCRIPTS} 'sha256-${hash}'`);
  response.setHeader('Content-Security-Policy', policy);
}

export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeaders(HEADERS);
}
