# What cmake --install puts where, and the Debian package that cpack makes of it.
include(GNUInstallDirs)

# Only what is named here is installed: no library, no test.
install(TARGETS loadgen RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# The manual refers to the columns of the CSV files as ../results/README.md.
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/loadgen)
install(FILES ../results/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/results)
install(FILES ../LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(CMAKE_CROSSCOMPILING OR NOT UNIX)
    return()
endif()

# Of the program that was just built, so that they cannot say anything else.
add_custom_command(TARGET loadgen POST_BUILD
    COMMAND loadgen --help=man > loadgen.1
    COMMAND loadgen --help=bash > loadgen.bash
    BYPRODUCTS loadgen.1 loadgen.bash VERBATIM)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/loadgen.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/loadgen.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME loadgen)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME loadgen)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR})
# Who makes a package answers for it: cpack -D CPACK_PACKAGE_CONTACT='NAME <ADDRESS>'
set(CPACK_PACKAGE_CONTACT "The authors of loadgen")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "HTTP load generator that accounts for every connection reset")
set(CPACK_PACKAGE_DESCRIPTION
"loadgen loads an HTTP or HTTPS server and counts how each attempt ended:
every reset once, by its cause and by the phase it came in. It compares
faulty with fixed variants of a server by exact statistics, and ends with
a verdict, CSV files and an exit code for CI. It was made to reproduce the
connection resets of Microsoft's Knowledge Base article 813531.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/Debian.cmake)
include(CPack)
