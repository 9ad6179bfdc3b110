#!/usr/bin/env bash
# What the build with Visual C++ stands on, as far as it can be seen without it: CMake reads the preset
# msvc and takes what it says, and vcpkg.json names what the build looks for.
. "$(dirname "$0")/expect.sh"

top=$(cd "$scripts/.." && pwd)
expect 1 'Could not use disabled preset "msvc"' env -C "$top" cmake --preset msvc

# On Windows it is not disabled: the same presets without that condition, for a project without a
# compiler, with a stand-in for vcpkg's toolchain file.
mkdir -p "$scratch/project" "$scratch/vcpkg/scripts/buildsystems"
/usr/bin/python3 -I - "$top/CMakePresets.json" "$scratch/project/CMakePresets.json" <<'TEXT'
import json, sys
presets = json.load(open(sys.argv[1]))
for preset in presets["configurePresets"]:
    if preset["name"] == "msvc":
        assert preset.pop("condition") == {"type": "equals", "lhs": "${hostSystemName}", "rhs": "Windows"}
json.dump(presets, open(sys.argv[2], "w"))
TEXT
# shellcheck disable=SC2016 # CMake's
echo 'message(STATUS "vcpkg of ${VCPKG_TARGET_TRIPLET}")' >"$scratch/vcpkg/scripts/buildsystems/vcpkg.cmake"
cat >"$scratch/project/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(taken NONE)
include("${CMAKE_TOOLCHAIN_FILE}")
foreach(name CMAKE_BUILD_TYPE CMAKE_CXX_COMPILER CMAKE_MSVC_RUNTIME_LIBRARY REPRO_WARNINGS_AS_ERRORS)
    message(STATUS "${name} is ${${name}}")
endforeach()
TEXT
preset=(env -C "$scratch/project" VCPKG_ROOT="$scratch/vcpkg" cmake)
expect 0 'vcpkg of x64-windows-static' "${preset[@]}" --preset msvc
for taken in 'CMAKE_BUILD_TYPE is Release' 'CMAKE_CXX_COMPILER is cl' 'CMAKE_MSVC_RUNTIME_LIBRARY is MultiThreaded' \
    'REPRO_WARNINGS_AS_ERRORS is ON'; do
    expect_that "the preset says: $taken" grep -q -x -F -e "-- $taken" "$scratch/output"
done
expect_that 'into its folder' test -e "$scratch/project/build/msvc/CMakeCache.txt"
expect 0 '' "${preset[@]}" --build --preset msvc

# Every package that is looked for on Windows, and every library of Boost's that is included, by name.
cat >"$scratch/ports.py" <<'TEXT'
import json, pathlib, re, sys
top = pathlib.Path(sys.argv[1])
ports = {"fmt": "fmt", "spdlog": "spdlog", "doctest": "doctest", "OpenSSL": "openssl", "CLI11": "cli11"}
not_ports = {"Threads", "Python3"} # the system's
needed = set()
for folder in ("loadgen", "repro-extension"):
    for path in (top / folder).rglob("*"):
        if "uring" in path.parts or not path.is_file():
            continue
        if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
            for name, rest in re.findall(r"find_package\((\w+)([^)]*)\)", path.read_text()):
                if name == "Boost":
                    components = rest.partition("COMPONENTS")[2].split()
                    needed |= {"boost-" + component.replace("_", "-") for component in components}
                elif name not in not_ports:
                    needed.add(ports[name])
        elif path.suffix in (".cpp", ".hpp"):
            for name in re.findall(r"#include <boost/(\w+)", path.read_text(encoding="utf-8")):
                needed.add("boost-" + name.replace("_", "-"))
named = set(json.loads((top / "vcpkg.json").read_text())["dependencies"])
print("missing:", *(sorted(needed - named) or ["none is missing"]))
print("not needed:", *(sorted(named - needed) or ["none is too many"]))
TEXT
expect 0 'none is missing' /usr/bin/python3 -I "$scratch/ports.py" "$top"
expect 0 'none is too many' /usr/bin/python3 -I "$scratch/ports.py" "$top"
finish
