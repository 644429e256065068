# Compiler gate, language level, warnings and the sanitizer switch.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries in co_await expressions "
    "twice and would miscompile this project: use clang-19 (./dev setup installs it) or GCC 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(LIVEOPS_CCACHE ccache)
if(LIVEOPS_CCACHE)
  # The sloppiness settings are what ccache asks for to cache users of a precompiled header.
  set(LIVEOPS_LAUNCHER "${CMAKE_COMMAND}" -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_NOHASHDIR=1
    "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" "${LIVEOPS_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LIVEOPS_LAUNCHER}")
  set(CMAKE_C_COMPILER_LAUNCHER "${LIVEOPS_LAUNCHER}")
endif()

# One code model for libraries and programs: a precompiled header serves both only when they agree.
add_compile_options(-fPIE)
add_link_options(-pie)

add_library(liveops_options INTERFACE)
target_compile_options(liveops_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  -Werror -Werror=unused-result -fno-omit-frame-pointer
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety> -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Lets ccache reuse what was built with a precompiled header.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld-19)
  if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
    # ThinLTO: an incremental link optimizes again only what changed.
    add_link_options("-Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto")
  endif()
endif()

set(LIVEOPS_SANITIZE "" CACHE STRING "Sanitizers for the whole build, e.g. address,undefined or thread")
if(LIVEOPS_SANITIZE)
  add_compile_options(-fsanitize=${LIVEOPS_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LIVEOPS_SANITIZE})
endif()
