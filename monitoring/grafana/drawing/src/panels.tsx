// A panel's picture. Stat, bar gauge, time series, table and the chrome are Grafana's components; state timeline, heat map and text are
// not among those it publishes and are drawn here, with Grafana's formats and colours.
import {
  cacheFieldDisplayNames, type DataFrame, dateTime, FieldType, formattedValueToString, getDisplayProcessor, getDisplayValueAlignmentFactors, getFieldDisplayName,
  getFieldDisplayValues, type GrafanaTheme2, type FieldDisplay, VizOrientation,
} from '@grafana/data';
import { BarGauge, BigValue, TimeSeries, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import type { Input, Panel } from './input';

interface Props { panel: Panel; frames: DataFrame[]; theme: GrafanaTheme2; input: Input; width: number; height: number }

const rangeOf = (input: Input) => {
  const [from, to] = [dateTime(input.from), dateTime(input.to)];
  return { from, to, raw: { from, to } };
};

function values({ panel, frames, theme }: Props): FieldDisplay[] {
  return getFieldDisplayValues({
    fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: (text) => text, theme, data: frames,
    timeZone: 'utc',
  });
}

function Stat(props: Props) {
  const { panel, theme, width, height } = props;
  const found = values(props);
  const renderValue = ({ value, width, height, count, alignmentFactors }: any) => (
    <BigValue value={value.display} count={count} width={width} height={height} theme={theme} colorMode={panel.options.colorMode}
      graphMode={panel.options.graphMode} justifyMode={panel.options.justifyMode ?? 'auto'} textMode={panel.options.textMode ?? 'auto'}
      alignmentFactors={alignmentFactors} />);
  return <VizRepeater getValues={() => found} getAlignmentFactors={(all: FieldDisplay[]) => getDisplayValueAlignmentFactors(all)}
    renderValue={renderValue} width={width} height={height} source={found} itemSpacing={3} renderCounter={0} autoGrid
    orientation={VizOrientation.Auto} />;
}

function Bars(props: Props) {
  const { panel, theme, width, height } = props;
  const found = values(props);
  const renderValue = ({ value, width, height, orientation, alignmentFactors, count }: any) => (
    <BarGauge value={value.display} width={width} height={height} orientation={orientation} field={value.field} theme={theme}
      display={value.view ? value.view.getFieldDisplayProcessor?.(value.colIndex) : undefined} itemSpacing={8} lcdCellWidth={12}
      displayMode={panel.options.displayMode} text={panel.options.text} alignmentFactors={count > 1 ? alignmentFactors : undefined}
      showUnfilled={panel.options.showUnfilled ?? true} valueDisplayMode={panel.options.valueMode} namePlacement={panel.options.namePlacement} />);
  return <div style={{ width, height, overflow: 'auto' }}>
    <VizRepeater getValues={() => found} getAlignmentFactors={(all: FieldDisplay[]) => getDisplayValueAlignmentFactors(all)}
      renderValue={renderValue} width={width} height={height} source={found} itemSpacing={8} renderCounter={0}
      minVizWidth={8} minVizHeight={panel.options.minVizHeight ?? 16} maxVizHeight={panel.options.maxVizHeight ?? 300} orientation={VizOrientation.Horizontal} />
  </div>;
}

function Lines({ panel, frames, input, width, height }: Props) {
  return <TimeSeries frames={frames} width={width} height={height} timeRange={rangeOf(input)} timeZone="utc" legend={panel.options.legend} />;
}

function Table({ panel, frames, input, width, height, theme }: Props) {
  const frame = frames[0];
  cacheFieldDisplayNames(frames);
  for (const one of frame.fields) one.display ??= getDisplayProcessor({ field: one, theme, timeZone: 'utc' });
  return <TableNG data={frame} width={width} height={height} timeRange={rangeOf(input)} sortBy={panel.options?.sortBy} noValue={panel.fieldConfig?.defaults?.noValue}
    fieldConfig={panel.fieldConfig} cellHeight={panel.options?.cellHeight} disableSanitizeHtml enableVirtualization={false} />;
}

function Timeline({ panel, frames, theme, input, width, height }: Props) {
  const rows = frames.map((frame) => {
    const field = frame.fields.find((one) => one.type === FieldType.number)!;
    return { name: getFieldDisplayName(field, frame, frames), field, times: frame.fields[0].values as number[] };
  });
  const left = Math.min(0.4 * width, 8 + 6.4 * Math.max(...rows.map((one) => one.name.length)));
  const legend = 24, axis = 20;
  const each = (height - legend - axis) / Math.max(rows.length, 1);
  const at = (time: number) => left + ((time - input.from) / (input.to - input.from)) * (width - left);
  const seen = new Map<string, string>();
  const bars = rows.flatMap((one, index) => one.times.map((time, i) => {
    const value = one.field.values[i];
    if (value === null) return null;
    const shown = one.field.display!(value);
    seen.set(shown.text, shown.color!);
    return <rect data-state={shown.text} key={`${index}-${i}`} x={at(time)} width={Math.max(at(time + input.step) - at(time), 0.5) + 0.3} y={index * each + each * 0.1}
      height={each * 0.8} fill={shown.color} />;
  }));
  const small = each < 11;
  return <svg width={width} height={height} style={{ fontSize: small ? 8 : 11, fontFamily: theme.typography.fontFamily }}>
    {bars}
    {rows.map((one, index) => <text key={one.name} x={left - 6} y={(index + 0.5) * each + 4} textAnchor="end" fill={theme.colors.text.primary}>{one.name}</text>)}
    {[0, 0.5, 1].map((part) => <text key={part} x={left + part * (width - left)} y={height - legend - 6} fontSize={11} fill={theme.colors.text.secondary}
      textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}>{dateTime(input.from + part * (input.to - input.from)).utc().format('HH:mm:ss')}</text>)}
    {[...seen].map(([text, color], index) => <g key={text} transform={`translate(${left + index * 90},${height - 16})`}>
      <rect width={12} height={4} y={5} fill={color} /><text x={18} y={11} fontSize={12} fill={theme.colors.text.primary}>{text}</text></g>)}
  </svg>;
}

function Heat({ panel, frames, theme, input, width, height }: Props) {
  const bound = (frame: DataFrame) => Number((frame.fields[1].labels?.le ?? '').replace('+Inf', 'Infinity'));
  const rising = [...frames].sort((a, b) => bound(a) - bound(b));
  // Prometheus' buckets are cumulated; what is drawn is what fell into each.
  const counts = rising.map((frame, row) => frame.fields[1].values.map((value, i) =>
    value === null ? 0 : Math.max(0, value - (row > 0 ? rising[row - 1].fields[1].values[i] ?? 0 : 0))));
  const most = Math.max(1e-9, ...counts.flat());
  const left = 70, axis = 20, rowHeight = (height - axis) / rising.length;
  const times = rising[0].fields[0].values as number[];
  const at = (time: number) => left + ((time - input.from) / (input.to - input.from)) * (width - left);
  const format = getDisplayProcessor({ field: { name: '', type: FieldType.number, config: { unit: panel.fieldConfig?.defaults?.unit }, values: [] }, theme });
  return <svg width={width} height={height} style={{ fontSize: 10, fontFamily: theme.typography.fontFamily }}>
    {counts.map((row, index) => row.map((count, i) => count > 0 && <rect key={`${index}-${i}`} x={at(times[i])} width={at(times[i] + input.step) - at(times[i])}
      y={height - axis - (index + 1) * rowHeight} height={rowHeight - 1} fill={theme.visualization.getColorByName('blue')} opacity={0.15 + 0.85 * (count / most)} />))}
    {rising.map((frame, index) => <text key={index} x={left - 4} y={height - axis - (index + 0.35) * rowHeight} textAnchor="end" fill={theme.colors.text.secondary}>
      {Number.isFinite(bound(frame)) ? formattedValueToString(format(bound(frame))) : 'more'}</text>)}
    <text x={left} y={height - 6} fill={theme.colors.text.secondary}>{dateTime(input.from).utc().format('HH:mm:ss')}</text>
    <text x={width} y={height - 6} textAnchor="end" fill={theme.colors.text.secondary}>{dateTime(input.to).utc().format('HH:mm:ss')}</text>
  </svg>;
}

const kinds: Record<string, (props: Props) => React.ReactNode> = {
  stat: Stat, bargauge: Bars, timeseries: Lines, table: Table, 'state-timeline': Timeline, heatmap: Heat,
};

export function Picture(props: Props) {
  const Kind = kinds[props.panel.type];
  if (!Kind) throw new Error(`no picture for panels of type ${props.panel.type}`);
  return <Kind {...props} />;
}
