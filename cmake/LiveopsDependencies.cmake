# Every library comes from Debian's packages; ./dev setup installs them.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS system json)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(date REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(QpidProton REQUIRED)

pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(HIREDIS_SSL IMPORTED_TARGET hiredis_ssl)  # from Debian 13 on: without it rediss:// is refused
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(NATS REQUIRED IMPORTED_TARGET libnats)

# What the programs that serve allocate with (ADR 0019). Named before the C library, it takes the place of its malloc in the
# whole process. The sanitizers have allocators of their own.
add_library(liveops_allocator INTERFACE)
if(NOT LIVEOPS_SANITIZE)
  find_library(MIMALLOC_LIBRARY mimalloc REQUIRED)
  target_link_options(liveops_allocator INTERFACE "LINKER:--push-state,--no-as-needed,${MIMALLOC_LIBRARY},--pop-state")
endif()
