import { frame, row } from '../frame.js';
import { bars, grid, lines, number, of, ofCohort, calm, raised, states, increase, titled } from '../panels.js';

const wide = `(max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_upper_ratio')}) - max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_lower_ratio')}))`;

export const signals = frame('Signals', 'cellvigil-signals', 'What stands out, how sure that is, and what became of it.', 'now-90d', ['cohort', 'event', 'min_grade'])
  .withRow(row('Raised'))
  .withPanel(number({ title: 'Rules with a raised alert', says: 'Rule and cohort pairs with at least one raised alert.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (rule, cohort) (${ofCohort('cellvigil_alert_active')})) or vector(0)` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Raised within the range', says: 'Alerts raised within the range.', unit: 'short', width: 4, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_alert_transitions_total', 'to="raised"')}[$__range])) or vector(0)` }] }))
  .withPanel(number({ title: 'Updated within the range', says: 'Alerts that changed within the range.', unit: 'short', width: 4, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_alert_transitions_total', 'to="updated"')}[$__range])) or vector(0)` }] }))
  .withPanel(number({ title: 'Withdrawn within the range', says: 'Alerts whose cause a correction took away within the range.', unit: 'short', width: 4, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_alert_transitions_total', 'to="withdrawn"')}[$__range])) or vector(0)` }] }))
  .withPanel(number({ title: 'False alarms expected', says: 'Over the plans of all monitors, if every rate stood at its limit: the price of the boundaries.', unit: 'short', width: 4, decimals: 2,
    queries: [{ expr: `max(${of('cellvigil_rule_expected_false_alarms')})` }] }))
  .withPanel(number({ title: 'Looked at through', says: 'The last day of which a formal look was taken.', unit: 'dateTimeAsIso', width: 4,
    queries: [{ expr: `min(${of('cellvigil_rule_looked_through_timestamp_seconds')}) * 1000` }] }))
  .withPanel(grid({ title: 'Alerts by rule and cohort', says: 'Alerts raised and not withdrawn.', unit: 'short', width: 24, height: 13, columns: ['raised'], sort: 'raised', widths: { title: 480 },
    queries: [{ expr: titled(`max by (rule, cohort, severity) (${ofCohort('cellvigil_alerts_raised')})`) }] }))
  .withPanel(states({ title: 'When it was raised', says: 'Whether at least one alert of the rule is raised in the cohort.', unit: 'short', width: 24, height: 13,
    words: { 0: ['none', calm], 1: ['raised', raised] },
    queries: [{ expr: titled(`max by (rule, cohort) (${ofCohort('cellvigil_alert_active')})`), legend: '{{title}} ({{rule}}), {{cohort}}' }] }))
  .withRow(row('Monitors of the rule pack, all its cohorts'))
  .withPanel(grid({ title: 'Monitors', says: 'Rate (per subject, or per person-year) with its 95 % interval, statistic and threshold in the method\'s own scale (of rates over time: the time that the events took, and what they may take), and how close that is (100 %: alarm). Numbers of small cohorts are not shown.',
    unit: 'short', width: 24, height: 8, columns: ['rate', 'lower', 'upper', 'statistic', 'threshold', 'margin', 'crossed', 'can signal'],
    units: ['short', 'short', 'short', 'short', 'short', 'percentunit', 'short', 'short'], decimals: [3, 3, 3, 2, 2, 0, 0, 0], sort: 'margin',
    queries: ['monitored_rate', 'monitored_rate_lower', 'monitored_rate_upper', 'rule_statistic', 'rule_threshold', 'rule_margin_ratio', 'rule_crossed', 'rule_can_signal']
      .map((name) => ({ expr: `max by (monitor, cohort) (${of(`cellvigil_${name}`)})` })) }))
  .withPanel(lines({ title: 'How close to the boundary', says: 'Every monitor, over time; at 1 it alarms (dashed).', unit: 'short', width: 12, steps: [[null, 'transparent'], [1, raised]],
    queries: [{ expr: `max by (monitor, cohort) (${of('cellvigil_rule_margin_ratio')})`, legend: '{{monitor}} ({{cohort}})' }] }))
  .withPanel(lines({ title: 'Evidence', says: 'Natural logarithm of the e-value: 3 (dashed) is what chance gives at most once in 20, however often one looks.', unit: 'short', width: 12, steps: [[null, 'transparent'], [3, raised]], signed: true, softMax: 3.2,
    queries: [{ expr: `max by (monitor, cohort, method) (${of('cellvigil_signal_score')})`, legend: '{{monitor}} ({{cohort}}), {{method}}' }] }))
  .withPanel(bars({ title: 'Probability that the rate is above its limit', without: 'too few to tell', says: 'Posterior, for display: it raises nothing.', unit: 'percentunit', width: 12, height: 9, max: 1, above: true, steps: [[null, calm], [0.95, raised]],
    queries: [{ expr: `sort_desc(max by (monitor, cohort) (${of('cellvigil_posterior_exceedance_ratio')}))`, legend: '{{monitor}} ({{cohort}})' }] }))
  .withPanel(bars({ title: 'Screens: where to look', says: 'Sites, lots, or products with a kind of event that a screen points at, now.', unit: 'short', width: 12, height: 9, above: true, without: 'too few to tell', steps: [[null, calm], [1, raised]],
    queries: [{ expr: `max by (screen, cohort) (${of('cellvigil_screen_units_raised')})`, legend: '{{screen}} ({{cohort}})' }] }))
  .withRow(row('Effect and evidence'))
  .withPanel(bars({ title: 'Rate: the interval\'s lower end', without: 'too few to tell', says: 'The rate is at least this with 97.5 % confidence: a cohort whose lower end is high stands out whatever its size.', unit: 'percentunit', width: 8, height: 6, max: 1, above: true,
    queries: [{ expr: `sort_desc(max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_lower_ratio', 'event=~"$event", min_grade=~"$min_grade"')}))`, legend: '{{cohort}} {{event}} >= {{min_grade}}' }] }))
  .withPanel(bars({ title: 'Width of the interval', without: 'too few to tell', says: 'How little is known: 1 is nothing.', unit: 'percentunit', width: 8, height: 6, max: 1, above: true,
    queries: [{ expr: `${wide} and on (event, min_grade) max by (event, min_grade) (${ofCohort('cellvigil_event_rate_ratio', 'event=~"$event", min_grade=~"$min_grade"')})`, legend: '{{cohort}} {{event}} >= {{min_grade}}' }] }))
  .withPanel(bars({ title: 'Possible beyond certain', says: 'Subjects whose grade may be this high if what is missing is bad.', unit: 'short', width: 8, height: 6, above: true,
    queries: [{ expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_possible_event', 'event=~"$event", min_grade=~"$min_grade"')}) - max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_event', 'event=~"$event", min_grade=~"$min_grade"')})`, legend: '{{cohort}} {{event}} >= {{min_grade}}' }] }))
  .withRow(row('Course'))
  .withPanel(lines({ title: 'Alerts raised by rule', says: 'The ten rules with the most alerts raised within the interval.', unit: 'short', width: 12,
    queries: [{ expr: `topk(10, sum by (rule) (${increase('cellvigil_alert_transitions_total', 'to="raised"')}) > 0)`, legend: '{{rule}}' }] }))
  .withPanel(lines({ title: 'Changes of alerts by severity', says: 'Raised, updated and withdrawn.', unit: 'short', width: 12,
    queries: [{ expr: `sum by (severity, to) (${increase('cellvigil_alert_transitions_total')}) > 0`, legend: '{{severity}} {{to}}' }] }));
