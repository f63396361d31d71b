{{/*
seaworthy.pod writes a pod template.
Input: labels, annotations, and the fields of a pod's spec; those that tell
where the pod may run are together in placement, what containers share in
isolation, and names in naming (each may be empty).
*/}}
{{- define "seaworthy.pod" -}}
metadata:
  {{- include "seaworthy.labels" . | nindent 2 }}
spec:
  serviceAccountName: {{ quote .serviceAccountName }}
  automountServiceAccountToken: {{ .automountServiceAccountToken }}
  enableServiceLinks: {{ .enableServiceLinks }}
  terminationGracePeriodSeconds: {{ int64 .terminationGracePeriodSeconds }}
  securityContext:
    {{- toYaml .securityContext | nindent 4 }}
  {{- with .placement }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .isolation }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .naming }}
  {{- toYamlPretty . | nindent 2 }}
  {{- end }}
  {{- with .restartPolicy }}
  restartPolicy: {{ . }}
  {{- end }}
  {{- with .imagePullSecrets }}
  imagePullSecrets:
    {{- toYamlPretty . | nindent 4 }}
  {{- end }}
  {{- with .initContainers }}
  initContainers:
    {{- range . }}
    - {{ include "seaworthy.container" . | indent 6 | trimPrefix "      " }}
    {{- end }}
  {{- end }}
  containers:
    {{- range .containers }}
    - {{ include "seaworthy.container" . | indent 6 | trimPrefix "      " }}
    {{- end }}
  {{- with .volumes }}
  volumes:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
