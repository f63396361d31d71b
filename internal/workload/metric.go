package workload

// Metric is one target of a HorizontalPodAutoscaler. Exactly one kind is set, and in it
// exactly one target.
type Metric struct {
	// Resource is CPU or memory over all containers, ContainerResource of one of them.
	Resource          *ResourceMetric          `json:"resource,omitempty"`
	ContainerResource *ContainerResourceMetric `json:"container_resource,omitempty"`
	// Pods is a metric that every pod has; its average counts.
	Pods *PodsMetric `json:"pods,omitempty"`
	// Object is a metric of another object in the namespace, such as the requests of an Ingress.
	Object *ObjectMetric `json:"object,omitempty"`
	// External is a metric from outside of the cluster, such as the length of a queue.
	External *ExternalMetric `json:"external,omitempty"`
}

// ResourceMetric measures a resource of the pods.
type ResourceMetric struct {
	// Name is the name of the resource, such as cpu.
	Name string `json:"name"`
	// AverageUtilization is the target in percent of the request, AverageValue as a quantity.
	AverageUtilization *int32  `json:"average_utilization,omitempty"`
	AverageValue       *string `json:"average_value,omitempty"`
}

// ContainerResourceMetric measures a resource of one container of each pod.
type ContainerResourceMetric struct {
	Name string `json:"name"`
	// Container is the container's name.
	Container          string  `json:"container"`
	AverageUtilization *int32  `json:"average_utilization,omitempty"`
	AverageValue       *string `json:"average_value,omitempty"`
}

// PodsMetric is a metric that the custom metrics API knows of each pod.
type PodsMetric struct {
	// Name is the metric's; MatchLabels and MatchExpressions select its series.
	Name             string            `json:"name"`
	MatchLabels      map[string]string `json:"match_labels,omitempty"`
	MatchExpressions []LabelExpression `json:"match_expressions,omitempty"`
	AverageValue     string            `json:"average_value"`
}

// ObjectMetric is a metric that the custom metrics API knows of another object.
type ObjectMetric struct {
	Name             string            `json:"name"`
	MatchLabels      map[string]string `json:"match_labels,omitempty"`
	MatchExpressions []LabelExpression `json:"match_expressions,omitempty"`
	// DescribedObject is the object that has the metric.
	DescribedObject DescribedObject `json:"described_object"`
	// Value is the target of the metric itself, AverageValue of the metric over the number of pods.
	Value        *string `json:"value,omitempty"`
	AverageValue *string `json:"average_value,omitempty"`
}

// DescribedObject names an object of the namespace.
type DescribedObject struct {
	// APIVersion is the object's, such as networking.k8s.io/v1; nil is v1.
	APIVersion *string `json:"api_version,omitempty"`
	Kind       string  `json:"kind"`
	Name       string  `json:"name"`
}

// ExternalMetric is a metric that the external metrics API knows.
type ExternalMetric struct {
	Name             string            `json:"name"`
	MatchLabels      map[string]string `json:"match_labels,omitempty"`
	MatchExpressions []LabelExpression `json:"match_expressions,omitempty"`
	// Value is the target of the metric itself, AverageValue of the metric over the number of pods.
	Value        *string `json:"value,omitempty"`
	AverageValue *string `json:"average_value,omitempty"`
}
