// The few kinds of panel that the dashboards are made of, and what all of them share. Colours are from the blue and orange that
// colour-blind people tell apart; every state is a word as well.
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

export const source: common.DataSourceRef = { type: 'prometheus', uid: '${datasource}' };
export const calm = 'blue', raised = 'orange', grey = 'text';

// A selector of the daemon's series: `of('cellvigil_x_total', 'outcome="failed"')`.
export function of(metric: string, labels = ''): string {
  return `${metric}{job=~"$job", instance=~"$instance"${labels === '' ? '' : ', ' + labels}}`;
}
// The same for what is told of cohorts.
export function ofCohort(metric: string, labels = ''): string {
  return of(metric, `cohort=~"$cohort"${labels === '' ? '' : ', ' + labels}`);
}
export const rate = (metric: string, labels = '') => `rate(${of(metric, labels)}[$__rate_interval])`;
export const increase = (metric: string, labels = '') => `increase(${of(metric, labels)}[$__rate_interval])`;
export const quantile = (q: number, metric: string, by = '') =>
  `histogram_quantile(${q}, sum by (${by === '' ? '' : by + ', '}le) (${rate(metric + '_bucket')}))`;

// What people call the rule, beside its code; the code itself where nobody knows it.
export const titled = (expr: string): string => `((${expr}) * on (rule) group_left (title) max by (rule, title) (${of('cellvigil_rule_info')})`
  + ` or label_join(${expr}, "title", "", "rule") unless on (rule) ${of('cellvigil_rule_info')})`;

export interface Query { expr: string; legend?: string }
interface Panel { title: string; says: string; unit: string; width: number; height?: number; queries: Query[] }
interface Steps { steps?: [number | null, string][] }

const refIds = 'ABCDEFGHIJ';
function targets(queries: Query[], how: 'range' | 'instant' | 'table' | 'heatmap') {
  return queries.map((one, index) => {
    const query = new prometheus.DataqueryBuilder().expr(one.expr).refId(refIds[index]).datasource(source)
      .legendFormat(one.legend ?? '__auto');
    if (how === 'range' || how === 'heatmap') query.range(); else query.instant();
    if (how === 'heatmap') query.format(prometheus.PromQueryFormat.Heatmap);
    if (how === 'table') query.format(prometheus.PromQueryFormat.Table);
    return query;
  });
}
function thresholds(steps: [number | null, string][]) {
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}
// Grafana's short numbers lose digits: 4970 would be 5 K. A count of patients is shown whole.
const whole = (unit: string) => (unit === 'short' ? 'none' : unit);
const series = () => new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic);
const lastValue = () => new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields('');
const listLegend = (calcs: string[]) => new common.VizLegendOptionsBuilder().displayMode(common.LegendDisplayMode.Table)
  .placement(common.LegendPlacement.Bottom).showLegend(true).calcs(calcs);

export function number(panel: Panel & Steps & { text?: Record<string, string>; decimals?: number }) {
  const made = new stat.PanelBuilder().title(panel.title).description(panel.says).unit(whole(panel.unit)).span(panel.width)
    .height(panel.height ?? 4).datasource(source).targets(targets(panel.queries, 'instant')).reduceOptions(lastValue())
    .colorMode(common.BigValueColorMode.Value).graphMode(common.BigValueGraphMode.None)
    .noValue('no data').thresholds(thresholds(panel.steps ?? [[null, grey]]));
  if (panel.decimals !== undefined) made.decimals(panel.decimals);
  if (panel.text) {
    made.mappings([{ type: dashboard.MappingType.ValueToText,
      options: Object.fromEntries(Object.entries(panel.text).map(([value, word], index) => [value, { text: word, index }])) }]);
  }
  return made;
}

export function lines(panel: Panel & Steps & { stacked?: boolean; max?: number; band?: [string, string]; signed?: boolean; softMax?: number }) {
  const made = new timeseries.PanelBuilder().title(panel.title).description(panel.says).unit(panel.unit).span(panel.width)
    .height(panel.height ?? 9).datasource(source).interval('15s').targets(targets(panel.queries, 'range')).colorScheme(series())
    .lineWidth(2).fillOpacity(panel.stacked ? 30 : 0).showPoints(common.VisibilityMode.Never).spanNulls(false)
    .legend(listLegend(['lastNotNull', 'max']))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending));
  if (!panel.signed) made.min(0);
  if (panel.unit === 'short') made.axisSoftMax(panel.softMax ?? 1);
  if (panel.stacked) made.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (panel.max !== undefined) made.max(panel.max);
  if (panel.steps) {
    made.thresholds(thresholds(panel.steps)).thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  if (panel.band) {
    made.overrideByRegexp(`.* ${panel.band[0]}$`, [{ id: 'custom.lineWidth', value: 1 }, { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 4] } }]);
    made.overrideByRegexp(`.* ${panel.band[1]}$`, [{ id: 'custom.lineWidth', value: 1 }, { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 4] } }]);
  }
  return made;
}

// `above`: the names are long and stand above their bars. `without`: what a series says that is there and has no number.
export function bars(panel: Panel & Steps & { max?: number; decimals?: number; above?: boolean; without?: string }) {
  const made = new bargauge.PanelBuilder().title(panel.title).description(panel.says).unit(whole(panel.unit)).span(panel.width)
    .height(panel.height ?? 9).datasource(source).targets(targets(panel.queries, 'instant')).min(0)
    .orientation(common.VizOrientation.Horizontal).displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(lastValue()).noValue(panel.without ?? 'no data').thresholds(thresholds(panel.steps ?? [[null, calm]]))
    .maxVizHeight(48).text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(18))
    .namePlacement(panel.above ? common.BarGaugeNamePlacement.Top : common.BarGaugeNamePlacement.Auto);
  if (panel.decimals !== undefined) made.decimals(panel.decimals);
  if (panel.max !== undefined) made.max(panel.max);
  return made;
}

export function heat(panel: Panel) {
  return new heatmap.PanelBuilder().title(panel.title).description(panel.says).unit(panel.unit).span(panel.width)
    .height(panel.height ?? 9).datasource(source).interval('15s').targets(targets(panel.queries, 'heatmap')).calculate(false)
    .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Blues').steps(64))
    .yAxis(new heatmap.YAxisConfigBuilder().unit(panel.unit));
}

export function states(panel: Panel & { words: Record<string, [string, string]> }) {
  return new statetimeline.PanelBuilder().title(panel.title).description(panel.says).unit(panel.unit).span(panel.width)
    .height(panel.height ?? 9).datasource(source).interval('15s').targets(targets(panel.queries, 'range')).mergeValues(true)
    .showValue(common.VisibilityMode.Auto).rowHeight(0.8)
    .mappings([{ type: dashboard.MappingType.ValueToText,
      options: Object.fromEntries(Object.entries(panel.words).map(([value, [word, color]], index) =>
        [value, { text: word, color, index }])) }]);
}

// Queries are joined by their common labels; `columns` names each value in order of the queries, `drop` the labels not shown.
export function grid(panel: Panel & { columns: string[]; units?: string[]; decimals?: number[]; drop?: string[]; sort?: string; widths?: Record<string, number> }) {
  const names = Object.fromEntries(panel.columns.map((name, index) =>
    [panel.columns.length === 1 ? 'Value' : `Value #${refIds[index]}`, name]));
  const hidden = Object.fromEntries(['Time', 'job', 'instance', '__name__', ...(panel.drop ?? [])].map((name) => [name, true]));
  const made = new table.PanelBuilder().title(panel.title).description(panel.says).unit(whole(panel.unit)).span(panel.width)
    .height(panel.height ?? 9).datasource(source).targets(targets(panel.queries, 'table')).noValue('not shown')
    .filterable(true).transformations([
      { id: 'merge', options: {} },
      { id: 'organize', options: { excludeByName: hidden, renameByName: names, indexByName: {} } }]);
  panel.columns.forEach((name, index) => {
    if (panel.units?.[index]) made.overrideByName(name, [{ id: 'unit', value: whole(panel.units[index]) }]);
    if (panel.decimals) made.overrideByName(name, [{ id: 'decimals', value: panel.decimals[index] }]);
  });
  for (const [name, width] of Object.entries(panel.widths ?? {})) made.overrideByName(name, [{ id: 'custom.width', value: width }]);
  if (panel.sort) made.sortBy([new common.TableSortByFieldStateBuilder().displayName(panel.sort).desc(true)]);
  return made;
}

export function note(title: string, says: string, markdown: string, height = 4) {
  return new text.PanelBuilder().title(title).description(says).span(24).height(height).mode(text.TextMode.Markdown)
    .content(markdown).datasource(source);
}
