// Each rule finds what it is for: a check that cannot fail would say nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from './dashboards/operations.js';
import { faults } from './lint.js';
const panelOf = (made) => made.panels.find((one) => one.type === 'timeseries');
const targetOf = (made) => panelOf(made).targets[0];
const selector = '{job=~"$job", instance=~"$instance"}';
const cases = [
    ['editable', (made) => { made.editable = true; }, 'uneditable-dashboard'],
    ['no data source variable', (made) => { made.templating.list.shift(); }, 'template-datasource'],
    ['one job only', (made) => { made.templating.list[1].multi = false; }, 'template-job'],
    ['instances without all', (made) => { made.templating.list[2].allValue = ''; }, 'template-instance'],
    ['variables that stay', (made) => { made.templating.list[2].refresh = 1; }, 'template-on-time-change-reload'],
    ['a variable that does not parse', (made) => { made.templating.list[2].query = { query: 'label_values(up{, x)' }; }, 'template-label-promql'],
    ['a data source by name', (made) => { panelOf(made).datasource = { uid: 'mine' }; }, 'panel-datasource'],
    ['no description', (made) => { panelOf(made).description = ''; }, 'panel-title-description'],
    ['no such unit', (made) => { panelOf(made).fieldConfig.defaults.unit = 'parsecs'; }, 'panel-units'],
    ['no query', (made) => { panelOf(made).targets = []; }, 'panel-no-targets'],
    ['a query cut short', (made) => { targetOf(made).expr = `sum(rate(cellvigil_x_total${selector}[$__rate_interval])`; }, 'target-promql'],
    ['a fixed range', (made) => { targetOf(made).expr = `rate(cellvigil_x_total${selector}[5m])`; }, 'target-rate-interval'],
    ['no job', (made) => { targetOf(made).expr = 'cellvigil_x{instance=~"$instance"}'; }, 'target-job'],
    ['no instance', (made) => { targetOf(made).expr = 'cellvigil_x{job=~"$job"}'; }, 'target-instance'],
    ['a bare counter', (made) => { targetOf(made).expr = `sum(cellvigil_x_total${selector})`; }, 'target-counter-agg'],
    ['one over the other', (made) => { panelOf(made).gridPos = { ...made.panels[1].gridPos }; }, 'overlaps'],
    ['beyond the edge', (made) => { panelOf(made).gridPos.x = 20; }, 'leaves the grid'],
    ['the same title twice', (made) => { panelOf(made).title = 'Up'; }, 'two panels are called Up'],
    ['no way to the others', (made) => { made.links = []; }, 'no link'],
    ['an annotation that does not parse', (made) => { made.annotations.list[0].expr = 'sum('; }, 'annotation'],
];
test('the dashboard as it is has no fault', () => assert.deepEqual(faults(operations.build()), []));
for (const [name, breakIt, expected] of cases) {
    test(name, () => {
        const made = JSON.parse(JSON.stringify(operations.build()));
        breakIt(made);
        assert.ok(faults(made).some((fault) => fault.includes(expected)), `${expected} is not among: ${faults(made).join('; ')}`);
    });
}
