{{/*
seaworthy.metadata writes the metadata of an object.
Input: name, namespace, labels and annotations (may be empty).
*/}}
{{- define "seaworthy.metadata" -}}
name: {{ quote .name }}
namespace: {{ quote .namespace }}
{{ include "seaworthy.labels" . }}
{{- end }}

{{/*
seaworthy.labels writes labels and annotations, as objects and pod templates carry them.
Input: labels and annotations (may be empty).
*/}}
{{- define "seaworthy.labels" -}}
labels:
  {{- toYamlPretty .labels | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYamlPretty . | nindent 2 }}
{{- end }}
{{- end }}
