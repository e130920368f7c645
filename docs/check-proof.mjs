// Checks a proof that an entry stands in the sealed chain: node docs/check-proof.mjs FILE. Needs nothing but Node; the
// format is described in proof.md beside this file, so that anybody can write their own.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map(part => Buffer.from(part)))).digest();
const { entry: e, index, path, before, seals } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const must = (holds, what) => { console.log(`${holds ? 'ok    ' : 'FAILS '} ${what}`); if (!holds) process.exit(1); };
const bytes = text => Buffer.byteLength(text);

const facts = [e.territory, e.id, e.kind, e.effectiveOn, e.recordedAt, e.reverses ?? '-', e.digest, bytes(e.reference), bytes(e.actor), bytes(e.memo)];
const legs = e.postings.map(p => `${p.line} ${p.account} ${p.debit} ${p.credit}\n`).join('');
let hash = sha([0], `${facts.join(' ')}\n${e.reference}${e.actor}${e.memo}\n${legs}`);

let [at, last] = [index, seals[0].entries - 1];
for (const beside of path.map(hex => Buffer.from(hex, 'hex'))) {
  if (at % 2 === 1 || at === last) {
    hash = sha([1], beside, hash);
    while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
  } else hash = sha([1], hash, beside);
  [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
}

must(new Date(e.recordedAt).toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' }) === seals[0].day, `the entry was recorded on ${seals[0].day}, in Italy`);
must(index >= 0 && last === 0 && hash.toString('hex') === seals[0].root, 'its content leads to the root of that day');
let chain = before;
for (const { day, entries, root, chain: claimed } of seals) {
  chain = sha(`${chain} ${e.territory} ${day} ${entries} ${root}`).toString('hex');
  must(chain === claimed, `the seal of ${day} follows from the one before it`);
}
console.log(`The value to compare with the one made public on ${seals.at(-1).day}:\n${chain}`);
