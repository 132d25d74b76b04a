# What is installed, and the Debian package made of it: `cpack -G DEB` in a build folder (`make kit PACKAGE=1` packs the shipped one).
include(GNUInstallDirs)

install(TARGETS cellvigild cellvigilctl RUNTIME DESTINATION bin)
install(PROGRAMS deploy/backup/cellvigil-backup DESTINATION bin)

install(FILES deploy/systemd/cellvigild.service DESTINATION lib/systemd/system)
install(FILES deploy/systemd/cellvigil.sysusers DESTINATION lib/sysusers.d RENAME cellvigil.conf)
install(FILES deploy/systemd/cellvigil.tmpfiles DESTINATION lib/tmpfiles.d RENAME cellvigil.conf)
install(FILES deploy/config/cellvigild.yaml DESTINATION /etc/cellvigil)

install(DIRECTORY rules/packs DESTINATION share/cellvigil FILES_MATCHING PATTERN "*.yaml")
install(DIRECTORY monitoring/rules DESTINATION share/cellvigil/monitoring FILES_MATCHING PATTERN "*.yml" PATTERN tests EXCLUDE)
install(DIRECTORY monitoring/alertmanager monitoring/prometheus DESTINATION share/cellvigil/monitoring)
install(DIRECTORY monitoring/grafana/dashboards monitoring/grafana/provisioning DESTINATION share/cellvigil/monitoring/grafana)
install(PROGRAMS deploy/kafka/setup DESTINATION share/cellvigil/kafka)
install(DIRECTORY proto/cellvigil DESTINATION share/cellvigil/proto FILES_MATCHING PATTERN "*.proto")

install(DIRECTORY docs/ DESTINATION share/doc/cellvigil PATTERN decisions EXCLUDE)
install(FILES deploy/debian/copyright DESTINATION share/doc/cellvigil)
install(FILES deploy/systemd/credentials.conf deploy/config/first-alert.ndjson DESTINATION share/doc/cellvigil/examples)

# Debian wants these compressed; -n keeps the time of packing out of them.
set(compressed ${PROJECT_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${compressed})
configure_file(deploy/debian/changelog.in ${compressed}/changelog @ONLY)
execute_process(COMMAND gzip -9nf ${compressed}/changelog COMMAND_ERROR_IS_FATAL ANY)
foreach(page deploy/man/cellvigild.8 deploy/man/cellvigil-backup.8 deploy/man/cellvigilctl.1 CHANGELOG.md)
    get_filename_component(name ${page} NAME)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
    execute_process(COMMAND gzip -9nc ${PROJECT_SOURCE_DIR}/${page} OUTPUT_FILE ${compressed}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
endforeach()
install(FILES ${compressed}/cellvigild.8.gz ${compressed}/cellvigil-backup.8.gz DESTINATION share/man/man8)
install(FILES ${compressed}/cellvigilctl.1.gz DESTINATION share/man/man1)
install(FILES ${compressed}/changelog.gz ${compressed}/CHANGELOG.md.gz DESTINATION share/doc/cellvigil)

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packing does not build tests and benchmarks
set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)  # for /etc
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME cellvigil)
set(CPACK_PACKAGE_CONTACT "The Cellvigil authors <maintainers@cellvigil.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "watches the safety of CAR-T therapies")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Cellvigil takes in what hospitals record of patients after CAR-T cell
therapy, grades cytokine release syndrome and neurotoxicity by the
published rules, keeps why each grade was given, and raises alerts when a
patient needs somebody to look. It supports people who decide; it is not a
medical device.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, init-system-helpers (>= 1.52)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "sqlite3")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "prometheus, prometheus-alertmanager")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(script postinst prerm postrm conffiles)
    list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/debian/${script})
endforeach()
include(CPack)
