# QpidProton::Cpp: the C++ binding of qpid-proton, and the C core behind it. Debian's .pc file names packages that are not
# there, and the core has no development link: it must be the very library that the binding uses, never libqpid-proton.so,
# which is a second copy of it.
find_path(QpidProton_INCLUDE_DIR proton/container.hpp)
find_library(QpidProton_CPP_LIBRARY NAMES qpid-proton-cpp)
find_library(QpidProton_CORE_LIBRARY
  NAMES qpid-proton-core libqpid-proton-core.so.10 libqpid-proton-core.so.11 libqpid-proton-core.so.12)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(QpidProton
  REQUIRED_VARS QpidProton_CPP_LIBRARY QpidProton_CORE_LIBRARY QpidProton_INCLUDE_DIR)
if(QpidProton_FOUND AND NOT TARGET QpidProton::Cpp)
  add_library(QpidProton::Cpp INTERFACE IMPORTED)
  target_include_directories(QpidProton::Cpp SYSTEM INTERFACE "${QpidProton_INCLUDE_DIR}")
  target_link_libraries(QpidProton::Cpp INTERFACE "${QpidProton_CPP_LIBRARY}" "${QpidProton_CORE_LIBRARY}")
endif()
