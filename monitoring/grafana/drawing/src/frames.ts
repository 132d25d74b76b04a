// Prometheus' answers as the data frames that Grafana's data source makes of them.
import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Answer, Input, Panel, Series } from './input';

const number = (text: string): number | null => {
  const value = Number(text.replace('Inf', 'Infinity'));
  return Number.isNaN(value) ? null : value;
};
const field = (name: string, type: FieldType, values: unknown[], labels?: Record<string, string>): Field =>
  ({ name, type, values: values as any[], config: {}, ...(labels ? { labels } : {}) });

function legend(format: string | undefined, series: Series, alone: boolean): string | undefined {
  if (!format || format === '__auto') return alone ? undefined : Object.entries(series.metric).map(([k, v]) => `${k}="${v}"`).join(', ');
  return format.replace(/{{\s*(\w+)\s*}}/g, (_, name) => series.metric[name] ?? '');
}

function lines(answer: Answer, panel: Panel, from: number, to: number, step: number): DataFrame[] {
  const target = panel.targets!.find((one) => one.refId === answer.refId)!;
  return answer.series.map((series) => {
    // A gap is a gap: points that Prometheus does not have are null.
    const known = new Map((series.values ?? []).map(([at, text]) => [Math.round(at * 1000), number(text)]));
    const times: number[] = [];
    for (let at = from; at <= to; at += step) times.push(at);
    const value = field('Value', FieldType.number, times.map((at) => known.get(at) ?? null), series.metric);
    value.config.displayNameFromDS = legend(target.legendFormat, series, answer.series.length === 1);
    return { refId: answer.refId, length: times.length, fields: [field('Time', FieldType.time, times), value] };
  });
}

function points(answer: Answer, panel: Panel): DataFrame[] {
  const target = panel.targets!.find((one) => one.refId === answer.refId)!;
  return answer.series.map((series) => {
    const value = field('Value', FieldType.number, [number(series.value![1])], series.metric);
    value.config.displayNameFromDS = legend(target.legendFormat, series, answer.series.length === 1);
    return { refId: answer.refId, length: 1, fields: [field('Time', FieldType.time, [series.value![0] * 1000]), value] };
  });
}

function table(answer: Answer, several: boolean): DataFrame {
  const names = [...new Set(answer.series.flatMap((one) => Object.keys(one.metric)))].sort();
  return {
    refId: answer.refId, length: answer.series.length,
    fields: [
      field('Time', FieldType.time, answer.series.map((one) => one.value![0] * 1000)),
      ...names.map((name) => field(name, FieldType.string, answer.series.map((one) => one.metric[name] ?? ''))),
      field(several ? `Value #${answer.refId}` : 'Value', FieldType.number, answer.series.map((one) => number(one.value![1])))],
  };
}

export function framesOf(panel: Panel, input: Input): DataFrame[] {
  const answers = input.answers[String(panel.id)] ?? [];
  const several = (panel.targets ?? []).length > 1;
  return answers.flatMap((answer) => {
    const target = panel.targets!.find((one) => one.refId === answer.refId)!;
    if (target.format === 'table') return [table(answer, several)];
    return target.instant ? points(answer, panel) : lines(answer, panel, input.from, input.to, input.step);
  });
}

// Anything that a reader could see as a value.
export const hasData = (frames: DataFrame[]): boolean =>
  frames.some((frame) => frame.fields.some((one) => one.type === FieldType.number && one.values.some((value) => value !== null)));
