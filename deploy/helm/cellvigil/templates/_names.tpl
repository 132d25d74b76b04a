{{- define "cellvigil.name" -}}
{{ printf "%s" .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- define "cellvigil.selector" -}}
app.kubernetes.io/name: cellvigil
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "cellvigil.labels" -}}
{{ include "cellvigil.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}
