// What the caller hands over: one dashboard, and what a Prometheus answered to each of its queries. See draw.mjs.
export interface Series { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }
export interface Answer { refId: string; series: Series[] }
export interface GridPos { x: number; y: number; w: number; h: number }
export interface Target { refId: string; legendFormat?: string; instant?: boolean; format?: string }
export interface Panel {
  id: number; type: string; title?: string; description?: string; gridPos: GridPos; targets?: Target[];
  // Grafana's own shapes; the registry and the components read them.
  fieldConfig?: any; options?: any; transformations?: { id: string; options: any }[];
}
export interface Input {
  dashboard: { title: string; description?: string; panels: Panel[]; templating?: any };
  chosen: Record<string, string>;   // variables as they were filled in
  from: number; to: number; step: number;  // ms
  answers: Record<string, Answer[]>;       // by the panel's id
}
