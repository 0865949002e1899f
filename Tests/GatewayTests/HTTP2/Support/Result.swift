/// The value of a call that changes something, which `#expect` cannot make by itself.
func result<Value>(_ value: Value) -> Value { value }
