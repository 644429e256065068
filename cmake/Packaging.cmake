# What `cmake --install` lays down, and the Debian package that CPack makes of it (./dev package).
include(GNUInstallDirs)

set(package_dir "${CMAKE_SOURCE_DIR}/deploy")
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packaging builds nothing: it takes what is there

install(TARGETS liveops RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")  # stripped by CPack and `cmake --install --strip`
foreach(service gateway fairness progression leaderboard)  # other names of it; without liveops- they would clash
  install(CODE "file(CREATE_LINK liveops \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/liveops-${service}\" SYMBOLIC)")
endforeach()
install(PROGRAMS "${package_dir}/healthcheck.sh" DESTINATION "${CMAKE_INSTALL_BINDIR}" RENAME liveops-healthcheck)
install(FILES
  "${package_dir}/systemd/liveops-guard.service"
  "${package_dir}/systemd/liveops-guard@.service"
  "${package_dir}/systemd/liveops-guard.target"
  DESTINATION lib/systemd/system)
install(DIRECTORY "${package_dir}/systemd/liveops-guard@gateway.service.d" DESTINATION lib/systemd/system)
install(FILES "${package_dir}/debian/env" DESTINATION /etc/liveops-guard)
install(FILES "${CMAKE_SOURCE_DIR}/config/liveops.toml" DESTINATION /etc/liveops-guard)
install(FILES "${package_dir}/debian/copyright" DESTINATION share/doc/liveops-guard)
install(FILES README.md ARCHITECTURE.md CHANGELOG.md LICENSE .env.example DESTINATION share/doc/liveops-guard)
install(DIRECTORY docs api sample_events DESTINATION share/doc/liveops-guard)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME liveops-guard)
set(CPACK_PACKAGE_VERSION "${LIVEOPS_VERSION}")
set(CPACK_PACKAGE_VENDOR "The LiveOps Guard authors")
set(CPACK_PACKAGE_CONTACT "The LiveOps Guard authors <liveops-guard@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "backend for live games: progression, fair leaderboards, rewards")
set(CPACK_PACKAGE_DESCRIPTION "Takes in signed game events and keeps player progression, fair leaderboards and
verifiable rewards: nothing lost, nothing counted twice, cheaters kept out.
As one process on embedded stores, or as four services on PostgreSQL, Redis
and a message bus.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")  # besides those of the shared libraries
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql, redis-server, nats-server")
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${package_dir}/debian/conffiles" "${package_dir}/debian/postinst" "${package_dir}/debian/prerm"
  "${package_dir}/debian/postrm")
include(CPack)
