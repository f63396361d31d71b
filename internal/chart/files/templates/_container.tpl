{{/*
seaworthy.container writes one container.
Input: the fields of a container; those that tell what is started (command,
args, workingDir, env, envFrom) are together in process, the probes in probes;
restartPolicy is empty for all but sidecars; resizePolicy and lifecycle may be empty.
*/}}
{{- define "seaworthy.container" -}}
name: {{ quote .name }}
image: {{ quote .image }}
imagePullPolicy: {{ .imagePullPolicy }}
{{- with .restartPolicy }}
restartPolicy: {{ . }}
{{- end }}
{{- with .process }}
{{ toYamlPretty . }}
{{- end }}
{{- with .ports }}
ports:
  {{- toYamlPretty . | nindent 2 }}
{{- end }}
resources:
  {{- toYamlPretty .resources | nindent 2 }}
{{- with .resizePolicy }}
resizePolicy:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $name, $probe := .probes }}
{{ $name }}:
  {{- include "seaworthy.probe" $probe | nindent 2 }}
{{- end }}
{{- with .lifecycle }}
lifecycle:
  {{- toYamlPretty . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .securityContext | nindent 2 }}
{{- with .volumeMounts }}
volumeMounts:
  {{- toYamlPretty . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
seaworthy.probe writes one probe.
Input: handler, in Kubernetes' own shape; the times and thresholds of the probe.
*/}}
{{- define "seaworthy.probe" -}}
{{ with .handler }}{{ toYamlPretty . }}{{ end }}
initialDelaySeconds: {{ int64 .initialDelaySeconds }}
periodSeconds: {{ int64 .periodSeconds }}
timeoutSeconds: {{ int64 .timeoutSeconds }}
successThreshold: {{ int64 .successThreshold }}
failureThreshold: {{ int64 .failureThreshold }}
{{- with .terminationGracePeriodSeconds }}
terminationGracePeriodSeconds: {{ int64 . }}
{{- end }}
{{- end }}
