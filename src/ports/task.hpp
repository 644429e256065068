#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/error.hpp"

namespace liveops::ports {

/// A coroutine that yields a value or an error. Every adapter call is one.
template <class T>
using Task = boost::asio::awaitable<core::Result<T>>;

}  // namespace liveops::ports
