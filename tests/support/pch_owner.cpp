// The target that precompiles pch.hpp for the tests needs a source of its own.
