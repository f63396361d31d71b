package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// newVolumes returns the volumes that the user names, and the one of the config files.
func newVolumes(w workload.Workload) ([]corev1.Volume, error) {
	var volumes []corev1.Volume
	for _, name := range sortedKeys(w.Volumes) {
		source, err := newVolumeSource(w, w.Volumes[name])
		if err != nil {
			return nil, fmt.Errorf("volume %q: %w", name, err)
		}
		volumes = append(volumes, corev1.Volume{Name: name, VolumeSource: source})
	}
	if len(w.ConfigFiles) == 0 {
		return volumes, nil
	}
	files, err := newConfigFilesVolume(w)
	return append(volumes, files), err
}

// newMounts returns the mounts of volumes and of config files in one container, by path.
func newMounts(w workload.Workload, c workload.PlacedContainer) []corev1.VolumeMount {
	var mounts []corev1.VolumeMount
	for path, m := range c.VolumeMounts {
		mounts = append(mounts, corev1.VolumeMount{
			Name:              m.Volume,
			MountPath:         path,
			SubPath:           orZero(m.SubPath),
			SubPathExpr:       orZero(m.SubPathExpr),
			ReadOnly:          orZero(m.ReadOnly),
			MountPropagation:  (*corev1.MountPropagationMode)(m.MountPropagation),
			RecursiveReadOnly: (*corev1.RecursiveReadOnlyMode)(m.RecursiveReadOnly),
		})
	}
	for path, file := range w.ConfigFiles {
		if file.For(c.Name) {
			mounts = append(mounts, corev1.VolumeMount{
				Name: workload.ConfigFilesVolume, MountPath: path, SubPath: workload.ConfigFileKey(path), ReadOnly: true,
			})
		}
	}
	slices.SortFunc(mounts, func(a, b corev1.VolumeMount) int { return cmp.Compare(a.MountPath, b.MountPath) })
	return mounts
}

func newVolumeSource(w workload.Workload, v workload.Volume) (corev1.VolumeSource, error) {
	switch {
	case v.EmptyDir != nil:
		size, err := newQuantity(v.EmptyDir.SizeLimit)
		return corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: size, Medium: corev1.StorageMedium(orZero(v.EmptyDir.Medium))}}, err
	case v.ConfigMap != nil:
		return newConfigMapSource(*v.ConfigMap)
	case v.Secret != nil:
		return newSecretSource(*v.Secret)
	case v.Projected != nil:
		source, err := newProjectedSource(*v.Projected)
		return corev1.VolumeSource{Projected: source}, err
	case v.DownwardAPI != nil:
		items, err := newFieldFiles(v.DownwardAPI.Items)
		if err != nil {
			return corev1.VolumeSource{}, err
		}
		mode, err := newMode(v.DownwardAPI.DefaultMode)
		return corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{Items: items, DefaultMode: mode}}, err
	case v.PersistentVolumeClaim != nil:
		return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{
			ClaimName: v.PersistentVolumeClaim.ClaimName, ReadOnly: orZero(v.PersistentVolumeClaim.ReadOnly),
		}}, nil
	case v.Ephemeral != nil:
		return newEphemeralSource(w, *v.Ephemeral)
	case v.CSI != nil:
		return corev1.VolumeSource{CSI: newCSISource(*v.CSI)}, nil
	case v.Image != nil:
		return corev1.VolumeSource{Image: &corev1.ImageVolumeSource{
			Reference: v.Image.Reference, PullPolicy: corev1.PullPolicy(orZero(v.Image.PullPolicy)),
		}}, nil
	case v.HostPath != nil:
		return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: v.HostPath.Path, Type: (*corev1.HostPathType)(v.HostPath.Type)}}, nil
	default:
		return corev1.VolumeSource{}, nil // of an incomplete description
	}
}

func newConfigMapSource(v workload.ConfigMapVolume) (corev1.VolumeSource, error) {
	items, err := newKeyFiles(v.Items)
	if err != nil {
		return corev1.VolumeSource{}, err
	}
	mode, err := newMode(v.DefaultMode)
	return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: v.Name}, Items: items, DefaultMode: mode, Optional: v.Optional,
	}}, err
}

func newSecretSource(v workload.SecretVolume) (corev1.VolumeSource, error) {
	items, err := newKeyFiles(v.Items)
	if err != nil {
		return corev1.VolumeSource{}, err
	}
	mode, err := newMode(v.DefaultMode)
	return corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: v.SecretName, Items: items, DefaultMode: mode, Optional: v.Optional}}, err
}

// newEphemeralSource returns the claim with the labels by which the workload's objects are found.
func newEphemeralSource(w workload.Workload, v workload.EphemeralVolume) (corev1.VolumeSource, error) {
	size, err := newQuantity(&v.Storage)
	if err != nil {
		return corev1.VolumeSource{}, err
	}
	var modes []corev1.PersistentVolumeAccessMode
	for _, mode := range v.AccessModes {
		modes = append(modes, corev1.PersistentVolumeAccessMode(mode))
	}
	return corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{
		ObjectMeta: metav1.ObjectMeta{Labels: merged(v.Labels, w.IdentityLabels()), Annotations: v.Annotations},
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes:      modes,
			StorageClassName: v.StorageClassName,
			Resources:        corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: *size}},
		},
	}}}, nil
}

func newCSISource(v workload.CSIVolume) *corev1.CSIVolumeSource {
	source := &corev1.CSIVolumeSource{Driver: v.Driver, ReadOnly: v.ReadOnly, FSType: v.FSType, VolumeAttributes: v.VolumeAttributes}
	if v.NodePublishSecret != nil {
		source.NodePublishSecretRef = &corev1.LocalObjectReference{Name: *v.NodePublishSecret}
	}
	return source
}

func newProjectedSource(v workload.ProjectedVolume) (*corev1.ProjectedVolumeSource, error) {
	mode, err := newMode(v.DefaultMode)
	if err != nil {
		return nil, err
	}
	projected := &corev1.ProjectedVolumeSource{DefaultMode: mode}
	for _, s := range v.Sources {
		source, err := newProjection(s)
		if err != nil {
			return nil, err
		}
		projected.Sources = append(projected.Sources, source)
	}
	return projected, nil
}

func newProjection(s workload.ProjectedSource) (corev1.VolumeProjection, error) {
	switch {
	case s.ConfigMap != nil:
		items, err := newKeyFiles(s.ConfigMap.Items)
		return corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: s.ConfigMap.Name}, Items: items, Optional: s.ConfigMap.Optional,
		}}, err
	case s.Secret != nil:
		items, err := newKeyFiles(s.Secret.Items)
		return corev1.VolumeProjection{Secret: &corev1.SecretProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: s.Secret.Name}, Items: items, Optional: s.Secret.Optional,
		}}, err
	case s.DownwardAPI != nil:
		items, err := newFieldFiles(s.DownwardAPI.Items)
		return corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{Items: items}}, err
	case s.ClusterTrustBundle != nil:
		b := s.ClusterTrustBundle
		bundle := &corev1.ClusterTrustBundleProjection{Path: b.Path, Name: b.Name, SignerName: b.SignerName, Optional: b.Optional}
		if b.SignerName != nil { // without a selector nothing would be selected
			bundle.LabelSelector = &metav1.LabelSelector{MatchLabels: b.Labels}
		}
		return corev1.VolumeProjection{ClusterTrustBundle: bundle}, nil
	case s.ServiceAccountToken != nil:
		return corev1.VolumeProjection{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{
			Path: s.ServiceAccountToken.Path, Audience: orZero(s.ServiceAccountToken.Audience), ExpirationSeconds: s.ServiceAccountToken.ExpirationSeconds,
		}}, nil
	default:
		return corev1.VolumeProjection{}, nil // of an incomplete description
	}
}

func newKeyFiles(items map[string]workload.KeyFile) ([]corev1.KeyToPath, error) {
	var files []corev1.KeyToPath
	for _, path := range sortedKeys(items) {
		mode, err := newMode(items[path].Mode)
		if err != nil {
			return nil, err
		}
		files = append(files, corev1.KeyToPath{Key: items[path].Key, Path: path, Mode: mode})
	}
	return files, nil
}

func newFieldFiles(items map[string]workload.FieldFile) ([]corev1.DownwardAPIVolumeFile, error) {
	var files []corev1.DownwardAPIVolumeFile
	for _, path := range sortedKeys(items) {
		mode, err := newMode(items[path].Mode)
		if err != nil {
			return nil, err
		}
		field, of, err := newFieldSource(items[path].FieldPath, items[path].Resource)
		if err != nil {
			return nil, err
		}
		files = append(files, corev1.DownwardAPIVolumeFile{Path: path, Mode: mode, FieldRef: field, ResourceFieldRef: of})
	}
	return files, nil
}

func newMode(text *string) (*int32, error) {
	if text == nil {
		return nil, nil
	}
	mode, err := workload.FileMode(*text)
	if err != nil {
		return nil, fmt.Errorf("mode %q: %w", *text, err)
	}
	return &mode, nil
}

// orZero returns what p points to, or the zero value, which Kubernetes' types leave out.
func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
