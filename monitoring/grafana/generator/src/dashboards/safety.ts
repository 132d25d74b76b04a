import { frame, row } from '../frame.js';
import { bars, grid, lines, number, of, ofCohort, raised, calm, states, increase, grey, titled } from '../panels.js';

const grade3 = 'min_grade="3"';
const raisedOf = (severity: string) => `sum(max by (rule, cohort, severity) (${ofCohort('cellvigil_alerts_raised', `severity="${severity}"`)})) or vector(0)`;
const patients = (state: string) => `sum(max by (cohort) (${ofCohort('cellvigil_patients', `state="${state}"`)}))`;
const reports = (state: string) => `sum(max by (jurisdiction) (${of('cellvigil_reports_due', `state="${state}"`)})) or vector(0)`;
const rate = (event: string, part: string) => `max by (cohort) (${ofCohort(`cellvigil_event_rate_${part}`, `event="${event}", ${grade3}`)})`;
const interval = (event: string, name: string) => lines({ title: `${name} of grade 3 and above, with interval`,
  says: 'The rate of each cohort over time with the ends of its 95 % Wilson interval (dashed).', unit: 'percentunit', width: 12, band: ['lower', 'upper'],
  queries: [{ expr: rate(event, 'ratio'), legend: '{{cohort}}' }, { expr: rate(event, 'lower_ratio'), legend: '{{cohort}} lower' },
    { expr: rate(event, 'upper_ratio'), legend: '{{cohort}} upper' }] });

export const safety = frame('Safety overview', 'cellvigil-safety',
  'Is anybody in danger, and would we know? Aggregates only; who they are is for those who may ask the API.', 'now-90d', ['cohort'])
  .withRow(row('Now'))
  .withPanel(number({ title: 'Alerts: immediate', says: 'Alerts of the highest severity that are raised and not withdrawn.',
    unit: 'short', width: 4, queries: [{ expr: raisedOf('immediate') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Alerts: high', says: 'Alerts of severity high that are raised and not withdrawn.',
    unit: 'short', width: 4, queries: [{ expr: raisedOf('high') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Alerts: medium', says: 'Alerts of severity medium that are raised and not withdrawn.',
    unit: 'short', width: 4, queries: [{ expr: raisedOf('medium') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Unacknowledged for', says: 'How long the immediate or high alert that waits longest for a person has waited; 0: none waits.',
    unit: 's', width: 4, queries: [{ expr: `max(${of('cellvigil_alert_oldest_unacknowledged_seconds', 'severity=~"immediate|high"')})` }], steps: [[null, calm], [1800, raised]] }))
  .withPanel(number({ title: 'Undelivered for', says: 'How long the first notification that no sink has taken has waited; 0: none waits.',
    unit: 's', width: 4, queries: [{ expr: `max(${of('cellvigil_notification_oldest_seconds')})` }], steps: [[null, calm], [300, raised]] }))
  .withPanel(number({ title: 'Reports overdue', says: 'Reports to authorities that were not entered as sent by the end of their day; 0 also where no jurisdiction is configured.',
    unit: 'short', width: 4, queries: [{ expr: reports('overdue') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Patients infused', says: 'Infused subjects of the chosen cohorts.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients_evaluable', 'event="crs"')}))` }] }))
  .withPanel(number({ title: 'At risk, past day 90', says: 'Subjects in follow-up past day 90.', unit: 'short', width: 4, queries: [{ expr: patients('at_risk') }] }))
  .withPanel(number({ title: 'Deaths', says: 'Subjects who have died, of any cause.', unit: 'short', width: 4, queries: [{ expr: patients('dead') }] }))
  .withPanel(number({ title: 'Lost to follow-up', says: 'Subjects whom nobody can follow any more.', unit: 'short', width: 4, queries: [{ expr: patients('lost') }] }))
  .withPanel(number({ title: 'Not gradable', says: 'Infused subjects without any CRS grade: they are unknown, not free of CRS.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients_not_gradable', 'event="crs"')}))` }], steps: [[null, grey], [1, raised]] }))
  .withPanel(number({ title: 'Cohorts too small', says: 'Cohorts with fewer infused subjects than the smallest cell; their rates are not shown.',
    unit: 'short', width: 4, queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_cohort_suppressed')}))` }] }))
  .withPanel(number({ title: 'Boundaries crossed', says: 'Monitors whose boundary the facts cross as they stand.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (monitor, cohort) (${of('cellvigil_rule_crossed')})) or vector(0)` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Monitors that cannot signal', says: 'Monitors that cannot alarm whatever comes: too few planned, or the plan is used up.', unit: 'short', width: 4,
    queries: [{ expr: `count(max by (monitor, cohort) (${of('cellvigil_rule_can_signal')}) == 0) or vector(0)` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Monitors last looked', says: 'How long ago the monitors last had seen everything that was committed.', unit: 's', width: 4,
    queries: [{ expr: `time() - min(${of('cellvigil_rule_last_evaluation_timestamp_seconds')})` }], steps: [[null, calm], [600, raised]] }))
  .withPanel(number({ title: 'Reports open', says: 'Reports to authorities that are due and not overdue.', unit: 'short', width: 4, queries: [{ expr: reports('open') }] }))
  .withPanel(number({ title: 'Sites silent for a day', says: 'Sites from which nothing came for 24 hours. Their patients are not watched.',
    unit: 'short', width: 4, queries: [{ expr: `count(time() - max by (study, site) (${of('cellvigil_site_last_message_timestamp_seconds')}) > 86400) or vector(0)` }],
    steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Data complete through', says: 'The earliest of the times up to which the sites say that they have reported.',
    unit: 'dateTimeAsIso', width: 4, queries: [{ expr: `min(max by (study, site) (${of('cellvigil_site_data_complete_through_timestamp_seconds')})) * 1000` }] }))
  .withRow(row('Cohorts'))
  .withPanel(grid({ title: 'Grade 3 and above by cohort', says: 'Share of the infused with the event at grade 3 or above in the episodes of their first infusion, as n of N with the 95 % Wilson interval. `possible` also counts what missing data leave open.',
    unit: 'short', width: 24, height: 6, columns: ['n', 'N', 'rate', 'lower', 'upper', 'possible'], units: ['short', 'short', 'percentunit', 'percentunit', 'percentunit', 'short'],
    drop: ['min_grade', 'window'], queries: [
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_with_event', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_evaluable')})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_event_rate_ratio', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_event_rate_lower_ratio', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_event_rate_upper_ratio', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_with_possible_event', grade3)})` }] }))
  .withPanel(interval('crs', 'CRS'))
  .withPanel(interval('icans', 'ICANS'))
  .withPanel(bars({ title: 'How close to the boundary', says: 'Every monitor, the closest first: at 100 % it alarms. All cohorts of the rule pack.', unit: 'percentunit', width: 24, height: 9, max: 1.5, above: true, without: 'too few to tell',
    steps: [[null, calm], [1, raised]], queries: [{ expr: `sort_desc(max by (monitor, cohort) (${of('cellvigil_rule_margin_ratio')}))`, legend: '{{monitor}} ({{cohort}})' }] }))
  .withRow(row('Alerts'))
  .withPanel(states({ title: 'Alert state by rule', says: 'Whether at least one alert of the rule is raised in the cohort.', unit: 'short', width: 24, height: 13,
    words: { 0: ['none', calm], 1: ['raised', raised] },
    queries: [{ expr: titled(`max by (rule, cohort) (${ofCohort('cellvigil_alert_active')})`), legend: '{{title}} ({{rule}}), {{cohort}}' }] }))
  .withPanel(grid({ title: 'Alerts raised by rule', says: 'Alerts that are raised and not withdrawn, over the chosen cohorts.', unit: 'short', width: 12, height: 17, columns: ['raised'], sort: 'raised',
    widths: { title: 460, rule: 110 }, queries: [{ expr: titled(`sum by (rule) (max by (rule, cohort, severity) (${ofCohort('cellvigil_alerts_raised')})) > 0`) }] }))
  .withPanel(lines({ title: 'Changes of alerts', says: 'Alerts raised, updated and withdrawn. Which rules: the dashboard Signals.', unit: 'short', width: 12, height: 17,
    queries: [{ expr: `sum by (to) (${increase('cellvigil_alert_transitions_total')})`, legend: '{{to}}' }] }));
