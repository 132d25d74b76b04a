// What every dashboard has: fixed uid, not editable, variables, the link to its sisters, and the events worth a line in each graph.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { of, raised, source } from './panels.js';

type Variable = 'cohort' | 'event' | 'min_grade' | 'study' | 'site';
// What is chosen when nobody has chosen: everything, but grade 3 and above where grades are.
const all: dashboard.VariableOption = { selected: true, text: 'All', value: '$__all' };

const daemons = (label: string) => `label_values(cellvigil_build_info{job=~"$job"}, ${label})`;
const queries: Record<Variable, [string, string]> = {
  // Those of the messages, and those of the rule pack: its alarms must not vanish when somebody chooses.
  cohort: ['Cohort', 'label_values({__name__=~"cellvigil_patients|cellvigil_rule_crossed", job=~"$job", instance=~"$instance"}, cohort)'],
  event: ['Event', `label_values(${of('cellvigil_patients_with_event')}, event)`],
  min_grade: ['Grade at least', `label_values(${of('cellvigil_patients_with_event')}, min_grade)`],
  study: ['Study', `label_values(${of('cellvigil_site_last_message_timestamp_seconds')}, study)`],
  site: ['Site', `label_values(${of('cellvigil_site_last_message_timestamp_seconds', 'study=~"$study"')}, site)`],
};

function choice(name: string, label: string, query: string, chosen: dashboard.VariableOption = all) {
  return new dashboard.QueryVariableBuilder(name).label(label).query({ query, refId: name }).datasource(source).multi(true)
    .includeAll(true).allValue('.+').current(chosen).refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc);
}

function events(name: string, expr: string, titleFormat: string, color: string) {
  return new dashboard.AnnotationQueryBuilder().name(name).datasource(source).enable(true).iconColor(color).expr(expr)
    .titleFormat(titleFormat).step('60s');
}

export function frame(title: string, uid: string, says: string, from: string, variables: Variable[]) {
  const made = new dashboard.DashboardBuilder(`Cellvigil / ${title}`).uid(uid).description(says).tags(['cellvigil']).readonly()
    .time({ from, to: 'now' }).refresh('1m').timezone('browser').tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(new dashboard.DashboardLinkBuilder('Cellvigil').type(dashboard.DashboardLinkType.Dashboards).tags(['cellvigil'])
      .asDropdown(true).includeVars(true).keepTime(true))
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(choice('job', 'Job', 'label_values(cellvigil_build_info, job)'))
    .withVariable(choice('instance', 'Instance', daemons('instance')));
  const three: dashboard.VariableOption = { selected: true, text: '3', value: '3' };
  for (const name of variables) {
    made.withVariable(choice(name, ...queries[name], name === 'min_grade' ? three : all));
  }
  return made
    .annotation(events('Alerts change', `sum by (rule, severity) (changes(${of('cellvigil_alert_active')}[$__interval])) > 0`,
      '{{rule}} ({{severity}})', raised))
    .annotation(events('Configuration taken',
      `changes(${of('cellvigil_config_last_reload_success_timestamp_seconds')}[$__interval]) > 0`, 'configuration taken', 'blue'));
}
export const row = (title: string) => new dashboard.RowBuilder(title);
