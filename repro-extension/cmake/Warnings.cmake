# repro_warnings(TARGET): the warnings both halves are built with.

option(REPRO_WARNINGS_AS_ERRORS "Stop at the first warning" OFF)

function(repro_warnings target)
    if(MSVC)
        # Other people's templates warn where they are instantiated. Coroutines and Beast make many
        # sections. C4324 says that alignas() pads: what it is for.
        target_compile_options(${target} PRIVATE
            /W4 /external:W0 /external:templates- /wd4324 /permissive- /utf-8 /bigobj /Zc:__cplusplus)
        target_compile_definitions(${target} PRIVATE _CRT_SECURE_NO_WARNINGS)
    else()
        target_compile_options(${target} PRIVATE
            -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
            -Wno-missing-field-initializers) # members left out have defaults
    endif()
    set_target_properties(${target} PROPERTIES
        COMPILE_WARNING_AS_ERROR ${REPRO_WARNINGS_AS_ERRORS}
        CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
endfunction()
