{{/*
seaworthy.monitor writes what a PodMonitor and a ServiceMonitor have in common.
Input: selector, jobLabel, sampleLimit (null is no limit).
*/}}
{{- define "seaworthy.monitor" -}}
jobLabel: {{ quote .jobLabel }}
selector:
  matchLabels:
    {{- toYamlPretty .selector | nindent 4 }}
{{- with .sampleLimit }}
sampleLimit: {{ int64 . }}
{{- end }}
{{- end }}
