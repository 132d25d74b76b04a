import { frame, row } from '../frame.js';
import { bars, grid, heat, lines, number, ofCohort, raised, grey, rate } from '../panels.js';

const chosen = 'event=~"$event"';
const graded = `${chosen}, min_grade=~"$min_grade"`;

export const cohort = frame('Cohort detail', 'cellvigil-cohort', 'How is one cohort: who is where, which grades were reached, what is open.',
  'now-90d', ['cohort', 'event', 'min_grade'])
  .withRow(row('Subjects'))
  .withPanel(lines({ title: 'Subjects by state', says: 'Each subject is in one state.', unit: 'short', width: 9, stacked: true,
    queries: [{ expr: `sum by (state) (max by (cohort, state) (${ofCohort('cellvigil_patients')}))`, legend: '{{state}}' }] }))
  .withPanel(bars({ title: 'Subjects by state now', says: 'Each subject is in one state.', unit: 'short', width: 9,
    queries: [{ expr: `sum by (state) (max by (cohort, state) (${ofCohort('cellvigil_patients')}))`, legend: '{{state}}' }] }))
  .withPanel(number({ title: 'Infused', says: 'The denominator of the rates.', unit: 'short', width: 3, height: 9,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients_evaluable', 'event="crs"')}))` }] }))
  .withPanel(number({ title: 'Not gradable', says: 'Infused subjects without any grade of the chosen events: unknown, not free of them.', unit: 'short', width: 3, height: 9,
    queries: [{ expr: `sum(max by (cohort, event) (${ofCohort('cellvigil_patients_not_gradable', chosen)}))` }], steps: [[null, grey], [1, raised]] }))
  .withRow(row('Grades'))
  .withPanel(bars({ title: 'Subjects by highest grade: at least', says: 'Subjects whose highest grade in the episodes of their first infusion is at least this.', unit: 'short', width: 8,
    queries: [{ expr: `sum by (event, min_grade) (max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_event', chosen)}))`, legend: '{{event}} >= {{min_grade}}' }] }))
  .withPanel(bars({ title: 'Possibly, by what is not known', says: 'The same by grade_upper: what missing data leave open.', unit: 'short', width: 8,
    queries: [{ expr: `sum by (event, min_grade) (max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_possible_event', chosen)}))`, legend: '{{event}} >= {{min_grade}}' }] }))
  .withPanel(bars({ title: 'In an episode now, by grade', says: 'Subjects with an open episode by its present grade.', unit: 'short', width: 8,
    queries: [{ expr: `sum by (event, grade) (max by (cohort, event, grade) (${ofCohort('cellvigil_active_episodes', chosen)}))`, legend: '{{event}} grade {{grade}}' }] }))
  .withPanel(lines({ title: 'Open episodes over time', says: 'Subjects with an open episode by its present grade.', unit: 'short', width: 12, stacked: true,
    queries: [{ expr: `sum by (event, grade) (max by (cohort, event, grade) (${ofCohort('cellvigil_active_episodes', chosen)}))`, legend: '{{event}} grade {{grade}}' }] }))
  .withPanel(lines({ title: 'Observed events and the infused', says: 'Subjects with the event at the chosen grade or above, and those who could have had it.', unit: 'short', width: 12,
    queries: [
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_event', graded)})`, legend: '{{cohort}} {{event}} >= {{min_grade}}' },
      { expr: `max by (cohort, event) (${ofCohort('cellvigil_patients_evaluable', chosen)})`, legend: '{{cohort}} {{event}} infused' }] }))
  .withPanel(lines({ title: 'Rate with interval', says: 'Share of the infused with the 95 % Wilson interval (dashed). Too small cohorts show nothing.', unit: 'percentunit', width: 24,
    band: ['lower', 'upper'], queries: [
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_ratio', graded)})`, legend: '{{cohort}} {{event}} >= {{min_grade}}' },
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_lower_ratio', graded)})`, legend: '{{cohort}} {{event}} >= {{min_grade}} lower' },
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_upper_ratio', graded)})`, legend: '{{cohort}} {{event}} >= {{min_grade}} upper' }] }))
  .withPanel(grid({ title: 'Rates by grade', says: 'n of N, rate and 95 % Wilson interval for every grade.', unit: 'short', width: 24, height: 9,
    columns: ['n', 'rate', 'lower', 'upper'], units: ['short', 'percentunit', 'percentunit', 'percentunit'], drop: ['window'], queries: [
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_patients_with_event', chosen)})` },
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_ratio', chosen)})` },
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_lower_ratio', chosen)})` },
      { expr: `max by (cohort, event, min_grade) (${ofCohort('cellvigil_event_rate_upper_ratio', chosen)})` }] }))
  .withRow(row('Reporting'))
  .withPanel(heat({ title: 'Reporting delay', says: 'From when a fact was true of the patient until the source recorded it; all cohorts.', unit: 's', width: 24,
    queries: [{ expr: `sum by (le) (increase(cellvigil_reporting_delay_seconds_bucket{job=~"$job", instance=~"$instance"}[$__rate_interval]))`, legend: '{{le}}' }] }))
  .withPanel(lines({ title: 'Facts about subjects by kind', says: 'Messages applied, by what they say; all cohorts.', unit: 'reqps', width: 24,
    queries: [{ expr: `sum by (payload) (${rate('cellvigil_messages_processed_total', 'outcome=~"applied|flagged"')}) > 0`, legend: '{{payload}}' }],  }));
