package workload_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func TestValidate_VolumeClaims(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		"volume_claims: {data: {storage: 1Gi}}": "",
		"volume_claims: {data: {storage: 1Gi, access_modes: [ReadWriteOncePod], storage_class_name: '', volume_attributes_class_name: gold}}": "",
		"volume_claims: {data: {storage: '0'}}":                                                  `volume_claims["data"].storage`,
		"volume_claims: {data: {storage: much}}":                                                 `volume_claims["data"].storage`,
		"volume_claims: {data: {storage: 1Gi, access_modes: [Sometimes]}}":                       `volume_claims["data"].access_modes[0]`,
		"volume_claims: {data: {storage: 1Gi, storage_class_name: Fast}}":                        `volume_claims["data"].storage_class_name`,
		"volume_claims: {data: {storage: 1Gi, labels: {app.kubernetes.io/name: other}}}":         `volume_claims["data"].labels["app.kubernetes.io/name"]`,
		"volume_claims: {data: {storage: 1Gi}, logs: {storage: 1Gi}}":                            `volume_claims["logs"]`,
		"volume_claims: {data: {storage: 1Gi}}\nvolumes: {data: {empty_dir: {size_limit: 1Gi}}}": `volume_claims["data"]`,
		"volume_claims: {DATA: {storage: 1Gi}, data: {storage: 1Gi}}":                            `volume_claims["DATA"] volume_claims["DATA"]`, // no name, and not mounted
		"volume_claims: {}": `containers["main"].volume_mounts["/data"].volume`,
		"volume_claims: {data: {storage: 1Gi}}\npod_management_policy: Random":                                             "pod_management_policy",
		"volume_claims: {data: {storage: 1Gi}}\nordinals: {start: -1}":                                                     "ordinals.start",
		"volume_claims: {data: {storage: 1Gi}}\npersistent_volume_claim_retention_policy: {when_deleted: Keep}":            "persistent_volume_claim_retention_policy.when_deleted",
		"volume_claims: {data: {storage: 1Gi}}\npersistent_volume_claim_retention_policy: {when_scaled: Delete}":           "",
		"volumes: {data: {empty_dir: {size_limit: 1Gi}}}\npersistent_volume_claim_retention_policy: {when_scaled: Delete}": "persistent_volume_claim_retention_policy",
		"volume_claims: {data: {storage: 1Gi}}\nsecurity_context: {fs_group_change_policy: Always}":                        "",
	} {
		w := ofKind(t, workload.StatefulSet, document)
		c := w.Containers["main"]
		c.VolumeMounts = map[string]workload.VolumeMount{"/data": {Volume: "data"}}
		w.Containers["main"] = c
		got, err := blamedOf(w)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: blamed %v, want %q: %v", document, got, want, err)
		}
	}
}

// A pod that is not root could not write to its claim without a group.
func TestWithDefaults_ClaimsBelongToTheGroup(t *testing.T) {
	t.Parallel()
	d := ofKind(t, workload.StatefulSet, "volume_claims: {data: {storage: 1Gi}}").WithDefaults()
	if s := d.SecurityContext; s.FSGroup == nil || *s.FSGroup != *s.RunAsGroup || *s.FSGroupChangePolicy != "OnRootMismatch" {
		t.Errorf("fs_group %v, change policy %v", s.FSGroup, s.FSGroupChangePolicy)
	}
	if s := ofKind(t, workload.StatefulSet, "").WithDefaults().SecurityContext; s.FSGroup != nil {
		t.Errorf("fs_group %d without claims", *s.FSGroup)
	}
}
