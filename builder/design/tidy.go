package design

import "reflect"

// Tidy takes out of a design what says nothing: a section for NixOS without a
// setting. It shares what it leaves.
func Tidy(d Design) Design {
	if d.NixOS != nil && saysNothing(reflect.ValueOf(*d.NixOS)) {
		d.NixOS = nil
	}
	return d
}

// saysNothing tells of a value that would not be written.
func saysNothing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if !saysNothing(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
