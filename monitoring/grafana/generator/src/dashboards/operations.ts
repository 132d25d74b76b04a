import { frame, row } from '../frame.js';
import { bars, grid, heat, lines, number, of, calm, raised, increase, quantile, rate, states } from '../panels.js';

const daemonOnly = 'job=~"$job", instance=~"$instance"';

export const operations = frame('Daemon operations', 'cellvigil-operations', 'Is the daemon well, and if not, where.', 'now-6h', [])
  .withRow(row('Now'))
  .withPanel(number({ title: 'Up', says: 'Instances that answer the scrape.', unit: 'short', width: 3, queries: [{ expr: `sum(up{${daemonOnly}})` }], steps: [[null, raised], [1, calm]] }))
  .withPanel(number({ title: 'Ready', says: 'Whether every check of /readyz passes.', unit: 'short', width: 3, text: { 0: 'not ready', 1: 'ready' },
    queries: [{ expr: `min(${of('cellvigil_check_passed', 'probe="ready"')})` }], steps: [[null, raised], [1, calm]] }))
  .withPanel(number({ title: 'Last reload', says: 'Whether the last reload of the configuration was taken.', unit: 'short', width: 3, text: { 0: 'refused', 1: 'taken' },
    queries: [{ expr: `min(${of('cellvigil_config_last_reload_successful')})` }], steps: [[null, raised], [1, calm]] }))
  .withPanel(number({ title: 'Starts', says: 'Starts within the range.', unit: 'short', width: 3, queries: [{ expr: `sum(changes(${of('process_start_time_seconds')}[$__range]))` }] }))
  .withPanel(number({ title: 'Lag', says: 'Messages that wait in the log.', unit: 'short', width: 3, queries: [{ expr: `(sum(${of('cellvigil_kafka_consumer_lag_messages')}) or vector(0)) + sum(${of('cellvigil_inlet_queue_entries')})` }] }))
  .withPanel(number({ title: 'Oldest message', says: 'Age of the oldest message that waits.', unit: 's', width: 3, queries: [{ expr: `max(${of('cellvigil_kafka_oldest_unprocessed_age_seconds')})` }], steps: [[null, calm], [300, raised]] }))
  .withPanel(number({ title: 'Undelivered', says: 'Notifications that no sink has taken yet.', unit: 'short', width: 3, queries: [{ expr: `sum(${of('cellvigil_notification_queue_entries')})` }], steps: [[null, calm], [1, raised]] }))
  .withPanel(number({ title: 'Clock', says: 'The daemon\'s clock against Prometheus\'.', unit: 's', width: 3, decimals: 1,
    queries: [{ expr: `max(abs(${of('cellvigil_clock_timestamp_seconds')} - timestamp(${of('cellvigil_clock_timestamp_seconds')})))` }], steps: [[null, calm], [5, raised]] }))
  .withPanel(states({ title: 'Checks', says: 'What /livez and /readyz look at.', unit: 'short', width: 16, words: { 0: ['fails', raised], 1: ['passes', calm] },
    queries: [{ expr: `min by (probe, check) (${of('cellvigil_check_passed')})`, legend: '{{probe}} {{check}}' }] }))
  .withPanel(grid({ title: 'What runs', says: 'Version and revision of each instance.', unit: 'short', width: 8, columns: ['instances'],
    queries: [{ expr: `count by (version, revision) (${of('cellvigil_build_info')})` }] }))
  .withRow(row('Ingest'))
  .withPanel(lines({ title: 'Messages taken', says: 'By topic.', unit: 'reqps', width: 8, queries: [{ expr: `sum by (topic) (${rate('cellvigil_messages_consumed_total')})`, legend: '{{topic}}' }] }))
  .withPanel(lines({ title: 'What became of them', says: 'By outcome.', unit: 'reqps', width: 8, stacked: true, queries: [{ expr: `sum by (outcome) (${rate('cellvigil_messages_processed_total')})`, legend: '{{outcome}}' }] }))
  .withPanel(lines({ title: 'Time per message', says: 'To decode, check, apply and grade.', unit: 's', width: 8, queries: [
    { expr: quantile(0.5, 'cellvigil_message_processing_seconds'), legend: 'p50' }, { expr: quantile(0.95, 'cellvigil_message_processing_seconds'), legend: 'p95' },
    { expr: quantile(0.99, 'cellvigil_message_processing_seconds'), legend: 'p99' }] }))
  .withPanel(lines({ title: 'Lag by partition', says: 'Messages between a partition\'s end and what is committed.', unit: 'short', width: 8, queries: [{ expr: `sum by (topic, partition) (${of('cellvigil_kafka_consumer_lag_messages')})`, legend: '{{topic}} {{partition}}' }] }))
  .withPanel(lines({ title: 'Lag in time', says: 'Age of the oldest message that waits.', unit: 's', width: 8, queries: [{ expr: `max by (topic) (${of('cellvigil_kafka_oldest_unprocessed_age_seconds')})`, legend: '{{topic}}' }], steps: [[null, 'transparent'], [300, raised]] }))
  .withPanel(heat({ title: 'Ingest delay', says: 'From a message\'s append to the log until it was applied.', unit: 's', width: 8, queries: [{ expr: `sum by (le) (${increase('cellvigil_ingest_delay_seconds_bucket')})`, legend: '{{le}}' }] }))
  .withPanel(lines({ title: 'Kafka', says: 'Changes of assignment, failed commits to the group, errors of the client.', unit: 'short', width: 12, queries: [
    { expr: `sum by (reason) (${increase('cellvigil_kafka_rebalances_total')})`, legend: 'rebalance {{reason}}' }, { expr: `sum(${increase('cellvigil_kafka_commit_failures_total')})`, legend: 'commit failures' },
    { expr: `sum by (reason) (${increase('cellvigil_kafka_broker_errors_total')})`, legend: 'error {{reason}}' }] }))
  .withPanel(number({ title: 'Partitions', says: 'Partitions that the instances process.', unit: 'short', width: 6, height: 9, queries: [{ expr: `sum(${of('cellvigil_partitions_owned')})` }] }))
  .withPanel(number({ title: 'Ingest delay p99', says: 'Over 5 minutes, by the recording rule.', unit: 's', width: 6, height: 9, queries: [{ expr: `max(job:cellvigil_ingest_delay_seconds:p99_5m{${daemonOnly}})` }] }))
  .withRow(row('Store'))
  .withPanel(lines({ title: 'Commits', says: 'Transactions, and those that failed.', unit: 'ops', width: 8, queries: [
    { expr: `sum(${rate('cellvigil_store_commits_total')})`, legend: 'commits' }, { expr: `sum(${rate('cellvigil_store_commit_failures_total')})`, legend: 'failures' }] }))
  .withPanel(lines({ title: 'Time per commit', says: 'Durable.', unit: 's', width: 8, queries: [{ expr: quantile(0.5, 'cellvigil_store_commit_seconds'), legend: 'p50' }, { expr: quantile(0.99, 'cellvigil_store_commit_seconds'), legend: 'p99' }] }))
  .withPanel(lines({ title: 'Size and room', says: 'Size of the store, and room left on its disk.', unit: 'bytes', width: 8, queries: [
    { expr: `max(${of('cellvigil_state_store_bytes')})`, legend: 'store' }, { expr: `min(${of('cellvigil_state_store_free_bytes')})`, legend: 'free' }] }))
  .withPanel(lines({ title: 'A start would read', says: 'Messages to be read again if the daemon ended now, and those being read at a start.', unit: 'short', width: 8, queries: [
    { expr: `sum(${of('cellvigil_recovery_backlog_messages')})`, legend: 'would read' }, { expr: `sum(${of('cellvigil_replay_remaining_messages')})`, legend: 'reads now' },
    { expr: `sum(${of('cellvigil_rebuild_remaining_subjects')})`, legend: 'subjects to rebuild' }] }))
  .withPanel(lines({ title: 'Subjects in memory', says: 'Kept, read back and written back.', unit: 'short', width: 8, queries: [
    { expr: `sum(${of('cellvigil_subjects_in_memory')})`, legend: 'kept' }, { expr: `sum(${increase('cellvigil_subject_loads_total')})`, legend: 'read back' }, { expr: `sum(${increase('cellvigil_subject_evictions_total')})`, legend: 'written back' }] }))
  .withPanel(lines({ title: 'Reads that failed', says: 'Scrapes that show an older committed state.', unit: 'short', width: 8, queries: [{ expr: `sum(${increase('cellvigil_state_read_failures_total')})`, legend: 'failures' }] }))
  .withPanel(lines({ title: 'Time of a look at the monitors', says: 'p50 and p99.', unit: 's', width: 8, queries: [
    { expr: quantile(0.5, 'cellvigil_rule_evaluation_seconds'), legend: 'p50' }, { expr: quantile(0.99, 'cellvigil_rule_evaluation_seconds'), legend: 'p99' }] }))
  .withPanel(lines({ title: 'Monitors behind', says: 'How long something that was committed has waited for a look.', unit: 's', width: 8, steps: [[null, 'transparent'], [600, raised]],
    queries: [{ expr: `max by (rule) (time() - ${of('cellvigil_rule_last_evaluation_timestamp_seconds')})`, legend: '{{rule}}' }] }))
  .withPanel(lines({ title: 'Time of the cohort tables', says: 'How long the last round took.', unit: 's', width: 8, queries: [{ expr: `max by (instance) (${of('cellvigil_cohort_tables_seconds')})`, legend: '{{instance}}' }] }))
  .withRow(row('Delivery'))
  .withPanel(lines({ title: 'Notifications', says: 'Attempts to tell a sink, by what became of them.', unit: 'short', width: 8, queries: [{ expr: `sum by (channel, outcome) (${increase('cellvigil_notifications_total')})`, legend: '{{channel}} {{outcome}}' }] }))
  .withPanel(lines({ title: 'Time to deliver', says: 'p99 from the commit until the sink took it.', unit: 's', width: 8, queries: [{ expr: quantile(0.99, 'cellvigil_notification_delay_seconds', 'channel'), legend: '{{channel}}' }] }))
  .withPanel(lines({ title: 'Oldest undelivered', says: 'How long the first undelivered notification has waited.', unit: 's', width: 8, queries: [{ expr: `max by (channel) (${of('cellvigil_notification_oldest_seconds')})`, legend: '{{channel}}' }], steps: [[null, calm], [300, raised]] }))
  .withPanel(bars({ title: 'Sinks that are gone', says: '1: the endpoint said 410 and is not asked any more.', unit: 'short', width: 24, height: 5, max: 1, above: true, queries: [{ expr: `max by (channel) (${of('cellvigil_notification_channel_disabled')})`, legend: '{{channel}}' }], steps: [[null, calm], [1, raised]] }))
  .withRow(row('API and process'))
  .withPanel(lines({ title: 'Requests', says: 'By status.', unit: 'reqps', width: 8, queries: [{ expr: `sum by (code) (${rate('cellvigil_http_requests_total')})`, legend: '{{code}}' }] }))
  .withPanel(lines({ title: 'Time per request', says: 'p99 by route.', unit: 's', width: 8, queries: [{ expr: quantile(0.99, 'cellvigil_http_request_seconds', 'route'), legend: '{{route}}' }] }))
  .withPanel(lines({ title: 'Processors', says: 'Busy processors.', unit: 'short', width: 8, queries: [{ expr: `sum by (instance) (${rate('process_cpu_seconds_total')})`, legend: '{{instance}}' }] }))
  .withPanel(lines({ title: 'Memory', says: 'Of the process, and of the subjects it keeps.', unit: 'bytes', width: 8, queries: [
    { expr: `sum by (instance) (${of('process_resident_memory_bytes')})`, legend: '{{instance}} resident' }, { expr: `sum by (instance) (${of('cellvigil_subject_memory_bytes')})`, legend: '{{instance}} subjects' }] }))
  .withPanel(lines({ title: 'Open descriptors', says: 'Files and connections.', unit: 'short', width: 8, queries: [{ expr: `sum by (instance) (${of('process_open_fds')})`, legend: '{{instance}}' }] }))
  .withPanel(lines({ title: 'Samples a scrape', says: 'The budget is 20000.', unit: 'short', width: 8, queries: [{ expr: `sum by (instance) (scrape_samples_scraped{${daemonOnly}})`, legend: '{{instance}}' }], steps: [[null, calm], [20000, raised]] }));
