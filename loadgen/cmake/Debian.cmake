# Run by cpack over the files of the package before it closes it: what Debian wants of them.
find_program(dpkg_shlibdeps dpkg-shlibdeps)
if(NOT dpkg_shlibdeps) # cpack would go on, with a package that depends on nothing
    message(FATAL_ERROR "dpkg-shlibdeps is missing (apt-get install dpkg-dev)")
endif()

set(root ${CPACK_TEMPORARY_DIRECTORY}/usr)
set(documents ${root}/share/doc/loadgen)

file(READ ${documents}/LICENSE licence)
file(REMOVE ${documents}/LICENSE)
file(WRITE ${documents}/copyright "Copyright (C) 2026 the authors of loadgen\n\n${licence}")

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${documents}/changelog "loadgen (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * See the history of the sources.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9n ${documents}/changelog ${root}/share/man/man1/loadgen.1 COMMAND_ERROR_IS_FATAL ANY)

# Whatever umask this runs under.
set(for_all OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
set(enter_too ${for_all} OWNER_EXECUTE GROUP_EXECUTE WORLD_EXECUTE)
file(CHMOD_RECURSE ${root} FILE_PERMISSIONS ${for_all} DIRECTORY_PERMISSIONS ${enter_too})
file(CHMOD ${root}/bin/loadgen PERMISSIONS ${enter_too})
