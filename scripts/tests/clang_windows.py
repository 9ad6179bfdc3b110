#!/usr/bin/python3 -I
"""Has Clang read what is compiled for Windows: a second opinion, and the nearest to Visual C++ here.

usage: clang_windows.py BUILD_FOLDER

With Microsoft's extensions, and without warnings of GNU's, since Visual C++ has the one and not the
other. Headers and C++ library are MinGW's: Clang for Visual C++'s own target cannot read those, as
GCC's library wants 128-bit integers, and MinGW's stdio.h names that are GNU's. Files with a branch for
Visual C++ alone are read a second time, with that branch taken. As in Visual C++'s library, iterators
of std::array and std::string_view are no pointers here: of GCC's two headers it reads changed copies.
"""
import concurrent.futures
import glob
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

# What Visual C++ warns of at /W4: lost bits, hidden names, code that is never reached.
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wgnu", "-Wno-missing-field-initializers", "-Werror",
            "-Wno-unused-command-line-argument", "-Wshorten-64-to-32", "-Wimplicit-int-conversion", "-Wfloat-conversion",
            "-Wshadow-all", "-Wno-shadow-uncaptured-local", "-Wunreachable-code", "-Wno-language-extension-token"]
BRANCHES = ((r"#ifdef _MSC_VER", "#if 1"), (r"#if defined\(_MSC_VER\)", "#if 1"), (r"#ifdef __GNUC__", "#if 0"))

# Of each header: a pattern, what it becomes, how often it is there.
ITERATORS = {
    "array": ((r"typedef (const )?value_type\*(\s+)(const_)?iterator;",
               r"typedef __gnu_cxx::__normal_iterator<\1value_type*, array>\2\3iterator;", 2),),
    "string_view": ((r"using const_iterator\s*= const value_type\*;",
                     "using const_iterator = __gnu_cxx::__normal_iterator<const value_type*, basic_string_view>;", 1),
                    (r"(c?(?:begin|end)\(\) const noexcept\s*{ return) (this->_M_str[^;]*);", r"\1 const_iterator(\2);", 4),
                    (r"compare\(end\(\) - __xlen,", "compare(end().base() - __xlen,", 1)),
}


def compiled(folder):
    """The sources of a build, each with the arguments that say what it means."""
    database = subprocess.run(["ninja", "-C", folder, "-t", "compdb"], check=True, stdout=subprocess.PIPE)
    for entry in json.loads(database.stdout):
        if not entry["file"].endswith(".cpp") or "boost-sources" in entry["file"]:
            continue
        words, kept = iter(shlex.split(entry["command"])), []
        for word in words:
            if word in ("-isystem", "-I"):
                kept += [word, next(words)]
            elif word.startswith(("-D", "-I", "-std=", "-ffreestanding", "-fno-exceptions", "-fno-rtti")):
                kept.append(word)
        yield os.path.join(entry["directory"], entry["file"]), kept


def with_iterators_of_classes(library, scratch):
    """A folder with GCC's headers of ITERATORS, changed."""
    folder = scratch / "library"
    folder.mkdir()
    for header, changes in ITERATORS.items():
        text = pathlib.Path(library, header).read_text(encoding="utf-8")
        for pattern, becomes, times in changes:
            text, changed = re.subn(pattern, becomes, text)
            if changed != times:
                sys.exit(f"GCC's <{header}> has {changed} places of '{pattern}', not {times}")
        (folder / header).write_text(text, encoding="utf-8")
    return str(folder)


def check(build, scratch):
    library = sorted(glob.glob("/usr/lib/gcc/x86_64-w64-mingw32/*-posix/include/c++"))[-1]
    clang = ["clang", "--driver-mode=g++", "--target=x86_64-w64-mingw32", "-fsyntax-only", "-fms-extensions", "-nostdinc++",
             "-isystem", with_iterators_of_classes(library, scratch), "-isystem", library,
             "-isystem", f"{library}/x86_64-w64-mingw32", *WARNINGS]
    jobs = {}
    for folder in (f"{build}/windows-x86_64", f"{build}/windows-x86_64/loadgen"):
        if not os.path.exists(f"{folder}/build.ninja"):
            continue
        for file, arguments in compiled(folder):
            jobs[file] = arguments + [file]
            text = pathlib.Path(file).read_text(encoding="utf-8")
            changed = text
            for pattern, other in BRANCHES:
                changed = re.sub(pattern, other, changed)
            if changed != text:
                copy = scratch / f"msvc-{pathlib.Path(file).name}"
                copy.write_text(changed, encoding="utf-8")
                # Of Visual C++'s pragmas Clang knows some.
                jobs[str(copy)] = arguments + ["-Wno-unknown-pragmas", str(copy)]
    if not jobs:
        sys.exit("nothing is built for Windows")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for file, result in zip(jobs, pool.map(lambda arguments: subprocess.run(
                clang + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False), jobs.values())):
            if result.returncode:
                failed += 1
                print(f"FAILED: {file}\n" + "\n".join(result.stdout.splitlines()[:15]))
    branches = sum(pathlib.Path(file).name.startswith("msvc-") for file in jobs)
    print(f"{len(jobs) - branches} sources and {branches} branches for Visual C++ read by Clang, {failed} with findings")
    return 1 if failed else 0


def main():
    if not shutil.which("clang"):
        print("skipped: no clang; ./scripts/setup.sh fuzz installs it")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        return check(sys.argv[1], pathlib.Path(scratch))


if __name__ == "__main__":
    sys.exit(main())
