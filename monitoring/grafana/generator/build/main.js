// Writes the dashboards, or with --check says which committed file differs from what would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { cohort } from './dashboards/cohort.js';
import { infections } from './dashboards/infections.js';
import { operations } from './dashboards/operations.js';
import { quality } from './dashboards/quality.js';
import { safety } from './dashboards/safety.js';
import { signals } from './dashboards/signals.js';
import { faults } from './lint.js';
const folder = new URL('../../dashboards/', import.meta.url);
const checking = process.argv.includes('--check');
function text(dashboard) {
    let id = 0;
    for (const panel of dashboard.panels ?? [])
        panel.id = ++id;
    return JSON.stringify(dashboard, null, 1) + '\n';
}
const wrong = [];
for (const made of [safety, cohort, infections, signals, quality, operations].map((one) => one.build())) {
    const name = `${made.uid}.json`;
    const fresh = text(made);
    wrong.push(...faults(made).map((fault) => `${name}: ${fault}`));
    if (!checking) {
        writeFileSync(new URL(name, folder), fresh);
    }
    else if (readFileSync(new URL(name, folder), 'utf8') !== fresh) {
        wrong.push(`${name} differs from what the generator writes: npm run build`);
    }
}
for (const fault of wrong)
    console.error(fault);
process.exitCode = wrong.length > 0 ? 1 : 0;
