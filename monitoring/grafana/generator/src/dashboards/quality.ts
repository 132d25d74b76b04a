import { frame, row } from '../frame.js';
import { bars, grid, heat, lines, number, of, calm, raised, increase, quantile } from '../panels.js';

const here = 'study=~"$study", site=~"$site"';
const site = (metric: string) => `max by (study, site) (${of(metric, here)})`;

export const quality = frame('Data quality and sites', 'cellvigil-data-quality', 'Which data are missing, late, wrong or held, and whose they are.', 'now-7d', ['study', 'site'])
  .withRow(row('Now'))
  .withPanel(number({ title: 'Held in quarantine', says: 'Messages that are kept and not used until the configuration or a correction makes them acceptable.', unit: 'short', width: 6,
    queries: [{ expr: `sum(max by (reason) (${of('cellvigil_quarantine_messages')}))` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Dead letters', says: 'Messages rejected within the range.', unit: 'short', width: 6, decimals: 0,
    queries: [{ expr: `sum(increase(${of('cellvigil_dead_letters_total')}[$__range]))` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Corrections per 100 messages', says: 'Amendments and retractions.', unit: 'short', width: 6, decimals: 2,
    queries: [{ expr: `100 * sum(increase(${of('cellvigil_corrections_total')}[$__range])) / sum(increase(${of('cellvigil_messages_consumed_total')}[$__range]))` }] }))
  .withPanel(number({ title: 'Partial dates', says: 'Share of the messages whose date was not complete and was completed by the house rule.', unit: 'percentunit', width: 6, decimals: 2,
    queries: [{ expr: `sum(increase(${of('cellvigil_messages_flagged_total', 'flag="imputed_date"')}[$__range])) / sum(increase(${of('cellvigil_messages_consumed_total')}[$__range]))` }] }))
  .withRow(row('Sites'))
  .withPanel(grid({ title: 'Sites', says: 'When a site was last heard of, and up to when it says that it has reported.', unit: 'short', width: 24, height: 8,
    columns: ['last message', 'silent for', 'complete through', 'behind'], units: ['dateTimeAsIso', 's', 'dateTimeAsIso', 's'], sort: 'silent for', queries: [
      { expr: `${site('cellvigil_site_last_message_timestamp_seconds')} * 1000` },
      { expr: `time() - ${site('cellvigil_site_last_message_timestamp_seconds')}` },
      { expr: `${site('cellvigil_site_data_complete_through_timestamp_seconds')} * 1000` },
      { expr: `time() - ${site('cellvigil_site_data_complete_through_timestamp_seconds')}` }] }))
  .withPanel(lines({ title: 'Silence by site', says: 'Time since the last message. A restart of the daemon begins it anew for sites that stay silent.', unit: 's', width: 12,
    queries: [{ expr: `time() - ${site('cellvigil_site_last_message_timestamp_seconds')}`, legend: '{{study}} {{site}}' }], steps: [[null, 'transparent'], [86400, raised]] }))
  .withPanel(lines({ title: 'Sites heard before', says: 'Time since the last message of every site heard in 14 days, restarts or not.', unit: 's', width: 12,
    queries: [{ expr: 'time() - study_site:cellvigil_site_last_message_timestamp_seconds:max14d{job=~"$job", study=~"$study", site=~"$site"}', legend: '{{study}} {{site}}' }], steps: [[null, 'transparent'], [86400, raised]] }))
  .withRow(row('What was wrong'))
  .withPanel(bars({ title: 'Quarantine by reason', says: 'Messages held now.', unit: 'short', width: 8, above: true,
    queries: [{ expr: `max by (reason) (${of('cellvigil_quarantine_messages')}) > 0`, legend: '{{reason}}' }] }))
  .withPanel(bars({ title: 'Dead letters by reason', says: 'Messages rejected within the range.', unit: 'short', width: 8, decimals: 0, above: true,
    queries: [{ expr: `sort_desc(sum by (reason) (increase(${of('cellvigil_dead_letters_total')}[$__range])) > 0)`, legend: '{{reason}}' }] }))
  .withPanel(bars({ title: 'Flags', says: 'Data quality flags put on applied messages within the range.', unit: 'short', width: 8, decimals: 0, above: true,
    queries: [{ expr: `sort_desc(sum by (flag) (increase(${of('cellvigil_messages_flagged_total')}[$__range])) > 0)`, legend: '{{flag}}' }] }))
  .withPanel(lines({ title: 'Rejected and held', says: 'Messages by first reason.', unit: 'short', width: 12,
    queries: [
      { expr: `sum by (reason) (${increase('cellvigil_messages_rejected_total')}) > 0`, legend: 'rejected: {{reason}}' },
      { expr: `sum by (reason) (${increase('cellvigil_messages_quarantined_total')}) > 0`, legend: 'held: {{reason}}' }] }))
  .withPanel(lines({ title: 'Corrections', says: 'Messages that amend or retract a fact.', unit: 'short', width: 12,
    queries: [{ expr: `sum by (payload, action) (${increase('cellvigil_corrections_total')}) > 0`, legend: '{{payload}} {{action}}' }] }))
  .withRow(row('Delay'))
  .withPanel(heat({ title: 'Reporting delay', says: 'From when a fact was true of the patient until the source recorded it.', unit: 's', width: 12,
    queries: [{ expr: `sum by (le) (${increase('cellvigil_reporting_delay_seconds_bucket')})`, legend: '{{le}}' }] }))
  .withPanel(lines({ title: 'Median reporting delay by kind', says: 'From when a fact was true of the patient until the source recorded it.', unit: 's', width: 12,
    queries: [{ expr: quantile(0.5, 'cellvigil_reporting_delay_seconds', 'payload'), legend: '{{payload}}' }] }));
