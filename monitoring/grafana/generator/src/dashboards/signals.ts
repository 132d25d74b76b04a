import { frame, row } from '../frame.js';
import { bars, grid, lines, note, number, of, ofCohort, calm, raised, states, increase } from '../panels.js';

const wide = `(max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_upper_ratio')}) - max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_lower_ratio')}))`;

export const signals = frame('Signals', 'cellvigil-signals', 'What stands out, how sure that is, and what became of it.', 'now-90d', ['cohort', 'event', 'min_grade'])
  .withRow(row('Raised'))
  .withPanel(number({ title: 'Rules with a raised alert', says: 'Rule and cohort pairs with at least one raised alert.', unit: 'short', width: 6,
    queries: [{ expr: `sum(max by (rule, cohort) (${ofCohort('cellvigil_alert_active')})) or vector(0)` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Raised', says: 'Alerts raised within the range.', unit: 'short', width: 6, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_alert_transitions_total', 'to="raised"')}[$__range])) or vector(0)` }] }))
  .withPanel(number({ title: 'Updated', says: 'Alerts that changed within the range.', unit: 'short', width: 6, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_alert_transitions_total', 'to="updated"')}[$__range])) or vector(0)` }] }))
  .withPanel(number({ title: 'Withdrawn', says: 'Alerts whose cause a correction took away within the range.', unit: 'short', width: 6, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_alert_transitions_total', 'to="withdrawn"')}[$__range])) or vector(0)` }] }))
  .withPanel(grid({ title: 'Alerts by rule and cohort', says: 'Alerts raised and not withdrawn.', unit: 'short', width: 12, columns: ['raised'], sort: 'raised',
    queries: [{ expr: `max by (rule, cohort, severity) (${ofCohort('cellvigil_alerts_raised')})` }] }))
  .withPanel(states({ title: 'When it was raised', says: 'Whether at least one alert of the rule is raised in the cohort.', unit: 'short', width: 12,
    words: { 0: ['none', calm], 1: ['raised', raised] },
    queries: [{ expr: `max by (rule, cohort) (${ofCohort('cellvigil_alert_active')})`, legend: '{{cohort}} {{rule}}' }] }))
  .withRow(row('Effect and evidence'))
  .withPanel(bars({ title: 'Rate: the interval\'s lower end', says: 'The rate is at least this with 97.5 % confidence: a cohort whose lower end is high stands out whatever its size.', unit: 'percentunit', width: 8, max: 1,
    queries: [{ expr: `sort_desc(max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_lower_ratio', 'event=~"$event", min_grade=~"$min_grade"')}))`, legend: '{{cohort}} {{event}} >= {{min_grade}}' }] }))
  .withPanel(bars({ title: 'Width of the interval', says: 'How little is known: 1 is nothing.', unit: 'percentunit', width: 8, max: 1,
    queries: [{ expr: `${wide} and on (event, min_grade) max by (event, min_grade) (${ofCohort('cellvigil_event_rate_ratio', 'event=~"$event", min_grade=~"$min_grade"')})`, legend: '{{cohort}} {{event}} >= {{min_grade}}' }] }))
  .withPanel(bars({ title: 'Possible beyond certain', says: 'Subjects whose grade may be this high if what is missing is bad.', unit: 'short', width: 8,
    queries: [{ expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_possible_event', 'event=~"$event", min_grade=~"$min_grade"')}) - max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_event', 'event=~"$event", min_grade=~"$min_grade"')})`, legend: '{{cohort}} {{event}} >= {{min_grade}}' }] }))
  .withRow(row('Course'))
  .withPanel(lines({ title: 'Changes of alerts', says: 'Raised, updated and withdrawn, by severity.', unit: 'short', width: 24,
    queries: [{ expr: `sum by (severity, to) (${increase('cellvigil_alert_transitions_total')})`, legend: '{{severity}} {{to}}' }] }))
  .withPanel(note('Not here yet', 'What needs metrics that the daemon does not have yet.',
    'Scores against comparators, sequential statistics against their boundaries, posterior exceedance and dispositions wait for `cellvigil_rule_statistic`, `cellvigil_rule_threshold`, `cellvigil_posterior_exceedance_ratio` and `cellvigil_signal_score`. The intervals above are for display: they are not corrected for repeated looks.', 3));
