// Units, thresholds, mappings, overrides and transformations, by Grafana's own code. Its registries are filled by its server's front
// end; here only what the dashboards use is in them, and what is not is an error rather than ignored.
import {
  applyFieldOverrides, type DataFrame, FieldConfigOptionsRegistry, type GrafanaTheme2, identityOverrideProcessor, standardTransformers,
  standardTransformersRegistry, transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import type { Panel } from './input';

const plain = ['unit', 'decimals', 'min', 'max', 'noValue', 'displayName', 'thresholds', 'mappings', 'color', 'links'];
const custom = ['lineWidth', 'fillOpacity', 'lineStyle', 'showPoints', 'spanNulls', 'stacking', 'thresholdsStyle', 'drawStyle', 'pointSize',
  'axisPlacement', 'axisSoftMin', 'axisSoftMax', 'filterable', 'hideFrom', 'width', 'align', 'cellOptions', 'inspect', 'fillBelowTo',
  'lineInterpolation', 'axisGridShow'];

const registry = new FieldConfigOptionsRegistry(() => [
  ...plain.map((id) => ({ id, path: id, name: id, isCustom: false })),
  ...custom.map((id) => ({ id: `custom.${id}`, path: id, name: id, isCustom: true })),
].map((one) => ({ ...one, editor: () => null, override: () => null, process: identityOverrideProcessor, shouldApply: () => true })) as any);

standardTransformersRegistry.setInit(() => [standardTransformers.mergeTransformer, standardTransformers.organizeFieldsTransformer]
  .map((transformation) => ({ id: transformation.id, name: transformation.name, transformation: async () => transformation, editor: () => null })) as any);

function unknownSettings(panel: Panel): string[] {
  const names = [...Object.keys(panel.fieldConfig?.defaults ?? {}).filter((name) => name !== 'custom'),
    ...Object.keys(panel.fieldConfig?.defaults?.custom ?? {}).map((name) => `custom.${name}`),
    ...(panel.fieldConfig?.overrides ?? []).flatMap((one: any) => one.properties.map((each: any) => each.id))];
  return names.filter((name) => !registry.getIfExists(name));
}

export async function prepared(panel: Panel, frames: DataFrame[], theme: GrafanaTheme2): Promise<DataFrame[]> {
  const unknown = unknownSettings(panel);
  if (unknown.length > 0) throw new Error(`settings that the drawing does not know: ${unknown.join(', ')}`);
  const transformed = panel.transformations?.length
    ? await lastValueFrom(transformDataFrame(panel.transformations as any, frames, { interpolate: (text) => text })) : frames;
  return applyFieldOverrides({
    data: transformed, fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] }, theme, timeZone: 'utc',
    replaceVariables: (text) => text, fieldConfigRegistry: registry,
  });
}
