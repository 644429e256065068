#pragma once
// Precompiled for every test program; sources still include what they use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "adapters/asio/pch.hpp"
