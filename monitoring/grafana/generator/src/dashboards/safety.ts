import { frame, row } from '../frame.js';
import { bars, grid, lines, number, of, ofCohort, raised, calm, states, increase, grey } from '../panels.js';

const grade3 = 'min_grade="3"';
const raisedOf = (severity: string) => `sum(max by (rule, cohort, severity) (${ofCohort('cellvigil_alerts_raised', `severity="${severity}"`)})) or vector(0)`;
const patients = (state: string) => `sum(max by (cohort) (${ofCohort('cellvigil_patients', `state="${state}"`)}))`;

export const safety = frame('Safety overview', 'cellvigil-safety',
  'Is anybody in danger, and would we know? Aggregates only; who they are is for those who may ask the API.', 'now-90d', ['cohort'])
  .withRow(row('Now'))
  .withPanel(number({ title: 'Alerts raised: immediate', says: 'Alerts of the highest severity that are raised and not withdrawn.',
    unit: 'short', width: 4, queries: [{ expr: raisedOf('immediate') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Alerts raised: high', says: 'Alerts of severity high that are raised and not withdrawn.',
    unit: 'short', width: 4, queries: [{ expr: raisedOf('high') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Alerts raised: medium', says: 'Alerts of severity medium that are raised and not withdrawn.',
    unit: 'short', width: 4, queries: [{ expr: raisedOf('medium') }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Oldest undelivered notification', says: 'How long the first notification that no sink has taken has waited; 0: none waits.',
    unit: 's', width: 4, queries: [{ expr: `max(${of('cellvigil_notification_oldest_seconds')})` }], steps: [[null, calm], [300, raised]] }))
  .withPanel(number({ title: 'Sites silent for a day', says: 'Sites from which nothing came for 24 hours. Their patients are not watched.',
    unit: 'short', width: 4, queries: [{ expr: `count(time() - max by (study, site) (${of('cellvigil_site_last_message_timestamp_seconds')}) > 86400) or vector(0)` }],
    steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Data complete through', says: 'The earliest of the times up to which the sites say that they have reported.',
    unit: 'dateTimeAsIso', width: 4, queries: [{ expr: `min(max by (study, site) (${of('cellvigil_site_data_complete_through_timestamp_seconds')})) * 1000` }] }))
  .withPanel(number({ title: 'Patients infused', says: 'Infused subjects of the chosen cohorts.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients_evaluable', 'event="crs"')}))` }] }))
  .withPanel(number({ title: 'At risk, past day 90', says: 'Subjects in follow-up past day 90.', unit: 'short', width: 4, queries: [{ expr: patients('at_risk') }] }))
  .withPanel(number({ title: 'Deaths', says: 'Subjects who have died, of any cause.', unit: 'short', width: 4, queries: [{ expr: patients('dead') }] }))
  .withPanel(number({ title: 'Lost to follow-up', says: 'Subjects whom nobody can follow any more.', unit: 'short', width: 4, queries: [{ expr: patients('lost') }] }))
  .withPanel(number({ title: 'Not gradable', says: 'Infused subjects without any CRS grade: they are unknown, not free of CRS.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients_not_gradable', 'event="crs"')}))` }], steps: [[null, grey], [1, raised]] }))
  .withPanel(number({ title: 'Cohorts too small to show', says: 'Cohorts with fewer infused subjects than the smallest cell; their rates are not shown.',
    unit: 'short', width: 4, queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_cohort_suppressed')}))` }] }))
  .withRow(row('Cohorts'))
  .withPanel(grid({ title: 'Grade 3 and above by cohort', says: 'Share of the infused with the event at grade 3 or above in the episodes of their first infusion, as n of N with the 95 % Wilson interval. `possible` also counts what missing data leave open.',
    unit: 'short', width: 24, height: 7, columns: ['n', 'N', 'rate', 'lower', 'upper', 'possible'], units: ['short', 'short', 'percentunit', 'percentunit', 'percentunit', 'short'],
    drop: ['min_grade', 'window'], queries: [
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_with_event', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_evaluable')})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_event_rate_ratio', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_event_rate_lower_ratio', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_event_rate_upper_ratio', grade3)})` },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_with_possible_event', grade3)})` }] }))
  .withPanel(lines({ title: 'CRS of grade 3 and above, with interval', says: 'The rate of each cohort over time with the ends of its 95 % Wilson interval (dashed).',
    unit: 'percentunit', width: 12, band: ['lower', 'upper'], queries: [
      { expr: `max by (cohort) (${ofCohort('cellvigil_event_rate_ratio', `event="crs", ${grade3}`)})`, legend: '{{cohort}}' },
      { expr: `max by (cohort) (${ofCohort('cellvigil_event_rate_lower_ratio', `event="crs", ${grade3}`)})`, legend: '{{cohort}} lower' },
      { expr: `max by (cohort) (${ofCohort('cellvigil_event_rate_upper_ratio', `event="crs", ${grade3}`)})`, legend: '{{cohort}} upper' }] }))
  .withPanel(lines({ title: 'ICANS of grade 3 and above, with interval', says: 'The rate of each cohort over time with the ends of its 95 % Wilson interval (dashed).',
    unit: 'percentunit', width: 12, band: ['lower', 'upper'], queries: [
      { expr: `max by (cohort) (${ofCohort('cellvigil_event_rate_ratio', `event="icans", ${grade3}`)})`, legend: '{{cohort}}' },
      { expr: `max by (cohort) (${ofCohort('cellvigil_event_rate_lower_ratio', `event="icans", ${grade3}`)})`, legend: '{{cohort}} lower' },
      { expr: `max by (cohort) (${ofCohort('cellvigil_event_rate_upper_ratio', `event="icans", ${grade3}`)})`, legend: '{{cohort}} upper' }] }))
  .withRow(row('Alerts'))
  .withPanel(states({ title: 'Alert state by rule', says: 'Whether at least one alert of the rule is raised in the cohort.', unit: 'short', width: 16,
    words: { 0: ['none', calm], 1: ['raised', raised] },
    queries: [{ expr: `max by (rule, cohort, severity) (${ofCohort('cellvigil_alert_active')})`, legend: '{{cohort}} {{rule}} ({{severity}})' }] }))
  .withPanel(bars({ title: 'Alerts raised by rule', says: 'Alerts that are raised and not withdrawn.', unit: 'short', width: 8,
    queries: [{ expr: `sort_desc(sum by (rule, severity) (max by (rule, cohort, severity) (${ofCohort('cellvigil_alerts_raised')})))`, legend: '{{rule}} ({{severity}})' }] }))
  .withPanel(lines({ title: 'Changes of alerts', says: 'Alerts raised, updated and withdrawn, by rule.', unit: 'short', width: 24,
    queries: [{ expr: `sum by (rule, to) (${increase('cellvigil_alert_transitions_total')})`, legend: '{{rule}} {{to}}' }] }));
