package hardening

import (
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// role is a Role or ClusterRole.
type role struct {
	place
	rules []rbacv1.PolicyRule
}

// binding is a RoleBinding or ClusterRoleBinding.
type binding struct {
	place
	ref      rbacv1.RoleRef
	subjects []rbacv1.Subject
}

// grant files an object that gives permissions.
func (in *inventory) grant(at place, o runtime.Object) {
	switch o := o.(type) {
	case *rbacv1.Role:
		in.roles = append(in.roles, role{at, o.Rules})
	case *rbacv1.ClusterRole:
		in.roles = append(in.roles, role{at, o.Rules})
	case *rbacv1.RoleBinding:
		in.bindings = append(in.bindings, binding{at, o.RoleRef, o.Subjects})
	case *rbacv1.ClusterRoleBinding:
		in.bindings = append(in.bindings, binding{at, o.RoleRef, o.Subjects})
	}
}
