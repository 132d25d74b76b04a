# One function makes a component: a static library for one folder, its headers checked to compile alone, warnings as errors.
#
#   cellvigil_component(rules_base HEADERS a.h SOURCES a.cc USES other PRIVATE_USES PkgConfig::x)
#
# The library is cellvigil_<name>, its alias cellvigil::<name>; headers are included by their path from the repository's root.

set(CELLVIGIL_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wswitch-enum -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # -Wrestrict: GCC 12 sees overlaps in std::string's own operator+ when optimising (GCC bug 105651).
    list(APPEND CELLVIGIL_WARNINGS -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast -Wno-restrict)
endif()

function(cellvigil_component name)
    cmake_parse_arguments(arg "" "" "HEADERS;SOURCES;USES;PRIVATE_USES" ${ARGN})
    set(target cellvigil_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    add_library(cellvigil::${name} ALIAS ${target})
    set_property(GLOBAL APPEND PROPERTY CELLVIGIL_COMPONENTS ${target})  # tests/tidy looks into those of rules/
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
    target_compile_options(${target} PRIVATE ${CELLVIGIL_WARNINGS})
    target_link_libraries(${target} PUBLIC ${arg_USES} PRIVATE ${arg_PRIVATE_USES})
endfunction()

# A program of ours, in the build's bin folder: same warnings, nothing else.
function(cellvigil_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    target_compile_options(${name} PRIVATE ${CELLVIGIL_WARNINGS})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ${arg_USES})
endfunction()

# A test program: every case becomes a ctest of its own.
function(cellvigil_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_compile_options(${name} PRIVATE ${CELLVIGIL_WARNINGS})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE CELLVIGIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_USES} GTest::gmock GTest::gtest_main)
    if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
        target_sources(${name} PRIVATE $<TARGET_OBJECTS:cellvigil_tsan_threads>)
    endif()
    gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
