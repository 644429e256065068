# Optimizes builds with link-time optimization by how often each branch was taken under load (ADR 0018). `./dev train`
# records that anew; a function that has changed since is built without.

option(LIVEOPS_PROFILE "Optimize by the recorded profile" ON)
option(LIVEOPS_TRAIN "Build programs that record a profile" OFF)
set(LIVEOPS_PROFILE_ARCHIVE "${CMAKE_SOURCE_DIR}/cmake/release.profdata.tar.xz")

if(LIVEOPS_TRAIN)
  # What runs without being told where to record does so in the build directory.
  add_compile_options("-fprofile-generate=${CMAKE_BINARY_DIR}/raw")
  add_link_options("-fprofile-generate=${CMAKE_BINARY_DIR}/raw")
elseif(LIVEOPS_PROFILE AND CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang"
    AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19)
  # In a directory named by its content, so that another profile means other commands, and everything is built anew.
  file(SHA256 "${LIVEOPS_PROFILE_ARCHIVE}" digest)
  string(SUBSTRING "${digest}" 0 12 digest)
  set(directory "${CMAKE_BINARY_DIR}/profile/${digest}")
  file(ARCHIVE_EXTRACT INPUT "${LIVEOPS_PROFILE_ARCHIVE}" DESTINATION "${directory}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${LIVEOPS_PROFILE_ARCHIVE}")
  add_compile_options("-fprofile-use=${directory}/release.profdata" -Wno-profile-instr-unprofiled
    -Wno-profile-instr-out-of-date -Wno-backend-plugin)
endif()
