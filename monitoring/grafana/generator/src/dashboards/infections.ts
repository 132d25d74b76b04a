import { frame, row } from '../frame.js';
import { bars, grid, lines, number, of, ofCohort, calm, raised, rate } from '../panels.js';

const zoster = (past90: boolean) => past90 ? 'cellvigil_zoster_past_day_90_patients' : 'cellvigil_zoster_patients';
const total = (metric: string) => `sum(max by (cohort, class) (${ofCohort(metric)}))`;
const century = 100 * 365.25 * 86400;  // 100 patient-years in seconds
const per100 = (by: string, events: string, time: string, labels = '') =>
  `${century} * sum by (${by}) (max by (cohort, ${by}) (${ofCohort(events, labels)})) / sum by (${by}) (max by (cohort, ${by}) (${ofCohort(time, labels)}) > 0)`;
const periods = [['d0_30', 'days 0 to 30'], ['d31_90', 'days 31 to 90'], ['d91_365', 'days 91 to 365'], ['d366_plus', 'later']];
const tables = 'Of whole histories, before the next therapy; computed anew every metrics.tables_every_s.';
const infused = `sum(max by (cohort) (${ofCohort('cellvigil_patients_evaluable', 'event="crs"')}))`;

export const infections = frame('Delayed infections', 'cellvigil-infections', 'What happens after day 90, when nobody looks every day any more.', 'now-180d', ['cohort'])
  .withRow(row('Now'))
  .withPanel(number({ title: 'At risk, past day 90', says: 'Subjects in follow-up past day 90.', unit: 'short', width: 4,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients', 'state="at_risk"')}))` }] }))
  .withPanel(number({ title: 'With an infection past day 90', says: 'Subjects with an infection that began past day 90.', unit: 'short', width: 5,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_delayed_infection_patients')}))` }] }))
  .withPanel(number({ title: 'With zoster past day 90', says: 'Subjects with a herpes zoster that began past day 90.', unit: 'short', width: 5,
    queries: [{ expr: total(zoster(true)) }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Severe zoster', says: 'Subjects whose worst zoster at any time was disseminated, or of the nervous system or the organs.', unit: 'short', width: 5,
    queries: [{ expr: `sum(max by (cohort, class) (${ofCohort(zoster(false), 'class=~"disseminated|cns_or_visceral"')}))` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Lost to follow-up', says: 'Subjects whose infections nobody would report.', unit: 'percentunit', width: 5,
    queries: [{ expr: `sum(max by (cohort) (${ofCohort('cellvigil_patients', 'state="lost"')})) / ${infused}` }], steps: [[null, calm], [0.1, raised]] }))
  .withRow(row('Zoster'))
  .withPanel(bars({ title: 'Zoster by worst class', says: 'Subjects with herpes zoster at any time.', unit: 'short', width: 8,
    queries: [{ expr: `sum by (class) (max by (cohort, class) (${ofCohort(zoster(false))}))`, legend: '{{class}}' }] }))
  .withPanel(bars({ title: 'Zoster past day 90 by worst class', says: 'Subjects with a herpes zoster that began past day 90.', unit: 'short', width: 8,
    queries: [{ expr: `sum by (class) (max by (cohort, class) (${ofCohort(zoster(true))}))`, legend: '{{class}}' }] }))
  .withPanel(lines({ title: 'Zoster of the infused', says: 'Share of the infused with herpes zoster at any time. A share, not an incidence: it knows neither time at risk nor competing death.', unit: 'percentunit', width: 8,
    queries: [{ expr: `sum by (cohort) (max by (cohort, class) (${ofCohort(zoster(false))})) / max by (cohort) (${ofCohort('cellvigil_patients_evaluable', 'event="crs"')})`, legend: '{{cohort}}' }] }))
  .withRow(row('Course'))
  .withPanel(lines({ title: 'Subjects with zoster', says: 'By worst class, at any time.', unit: 'short', width: 12, stacked: true,
    queries: [{ expr: `sum by (class) (max by (cohort, class) (${ofCohort(zoster(false))}))`, legend: '{{class}}' }] }))
  .withPanel(lines({ title: 'Subjects with an infection past day 90', says: 'Viraemia alone is not counted.', unit: 'short', width: 12,
    queries: [{ expr: `max by (cohort) (${ofCohort('cellvigil_delayed_infection_patients')})`, legend: '{{cohort}}' }] }))
  .withPanel(grid({ title: 'Zoster alerts', says: 'Alerts of the rule herpes_zoster that are raised and not withdrawn.', unit: 'short', width: 12, columns: ['raised'],
    queries: [{ expr: `max by (cohort, severity) (${ofCohort('cellvigil_alerts_raised', 'rule="herpes_zoster"')})` }] }))
  .withPanel(lines({ title: 'Reports of infections', says: 'Messages about infections; none for long may mean that nobody asks.', unit: 'reqps', width: 12,
    queries: [{ expr: `sum by (outcome) (${rate('cellvigil_messages_processed_total', 'payload="infection"')})`, legend: '{{outcome}}' }] }))
  .withRow(row('Rates over time at risk'))
  .withPanel(grid({ title: 'Cumulative incidence', says: `Share with the event by the day after infusion, death and the next therapy competing, with its 95 % interval (Aalen-Johansen). Not shown where too few are at risk. ${tables}`,
    unit: 'short', width: 24, height: 10, columns: ['incidence', 'lower', 'upper'], units: ['percentunit', 'percentunit', 'percentunit'], queries: [
      { expr: `max by (cohort, event, day) (${ofCohort('cellvigil_cumulative_incidence_ratio', 'day=~"1..|2..|365|730"')})` },
      { expr: `max by (cohort, event, day) (${ofCohort('cellvigil_cumulative_incidence_lower_ratio', 'day=~"1..|2..|365|730"')})` },
      { expr: `max by (cohort, event, day) (${ofCohort('cellvigil_cumulative_incidence_upper_ratio', 'day=~"1..|2..|365|730"')})` }] }))
  .withPanel(bars({ title: 'Severe infections per 100 patient-years', says: `First ones, by days since the infusion. ${tables}`, unit: 'short', width: 12, height: 7, decimals: 1, above: true,
    queries: periods.map(([period, legend]) => ({ expr: per100('period', 'cellvigil_person_time_events', 'cellvigil_person_time_seconds', `event="severe_infection", period="${period}"`), legend })) }))
  .withPanel(bars({ title: 'Zoster past day 90 per 100 patient-years', says: `First ones, by antiviral prophylaxis at the time. ${tables}`, unit: 'short', width: 12, height: 7, decimals: 1, above: true,
    queries: [{ expr: per100('prophylaxis', 'cellvigil_prophylaxis_events', 'cellvigil_prophylaxis_time_seconds', 'event="zoster_past_day_90"'), legend: '{{prophylaxis}}' }] }))
  .withPanel(bars({ title: 'Infections past day 90 by pathogen', says: `Episodes, by class of pathogen and days since the infusion. ${tables}`, unit: 'short', width: 12, height: 9,
    queries: [{ expr: `sort_desc(sum by (pathogen_class, period) (max by (cohort, pathogen_class, period) (${ofCohort('cellvigil_delayed_infections')})) > 0)`, legend: '{{pathogen_class}}, {{period}}' }] }))
  .withPanel(bars({ title: 'Patient-years at risk past day 90', says: `Of a first infection, and of a first zoster. What little is known stands here. ${tables}`, unit: 'short', width: 6, height: 9, decimals: 1, above: true,
    queries: [{ expr: `sum by (event, period) (max by (cohort, event, period) (${ofCohort('cellvigil_person_time_seconds', 'event=~".+_past_day_90"')})) / (365.25 * 86400)`, legend: '{{event}}, {{period}}' }] }))
  .withPanel(number({ title: 'Age of these tables', says: 'How long ago they were computed.', unit: 's', width: 6, height: 9,
    queries: [{ expr: `time() - max(${of('cellvigil_cohort_tables_timestamp_seconds')})` }], steps: [[null, calm], [7200, raised]] }))
  .withRow(row('How blind are we'))
  .withPanel(bars({ title: 'Time since a site said that its data are complete', says: 'Infections after it may have happened and not be known.', unit: 's', width: 24, height: 6,
    queries: [{ expr: `time() - max by (study, site) (${of('cellvigil_site_data_complete_through_timestamp_seconds')})`, legend: '{{study}} {{site}}' }], steps: [[null, calm], [259200, raised]] }));
