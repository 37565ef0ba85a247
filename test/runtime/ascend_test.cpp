// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ascend driver on the simulated CANN: opening devices, loading code.
#include "ascend_library.h"

#include "../../runtime/src/acl_symbols.h"

using simtest::call;

namespace {

/// Before the runtime opens the ACL: a host framework that was here first, if
/// the environment says so.
class Beginning : public testing::Environment {
public:
  void SetUp() override {
    setenv("GEMEL_ASCEND_DRIVER", GEMEL_ASCEND_SIM_LIBRARY, 1);
    if (getenv("GEMEL_TEST_ACL_FIRST"))
      ASSERT_EQ(call("aclInit", static_cast<const char *>(nullptr)),
                ACL_SUCCESS);
  }
};
[[maybe_unused]] const auto *beginning =
    testing::AddGlobalTestEnvironment(new Beginning);

TEST_F(Ascend, Names) {
  for (const char *name : {"ascend", "ascend:0"}) {
    gemel_device *opened = nullptr;
    ASSERT_OK(gemel_device_open(name, &opened));
    EXPECT_STREQ(gemel_device_name(opened), name);
    EXPECT_EQ(gemel_device_stream(opened), nullptr);
    EXPECT_EQ(gemel_device_thread_count(opened), 0);
    gemel_device_close(opened);
  }
  gemel_device *none = nullptr;
  EXPECT_REFUSED(gemel_device_open("ascend:7", &none), GEMEL_NOT_FOUND,
                 "device 'ascend:7': CANN's ACL has 1 device, numbered from 0; "
                 "open one of these, or 'cpu'");
  for (std::string number : {"", "-1", "x", "0x", " 0", "1024", "99999999999"})
    EXPECT_REFUSED(gemel_device_open(("ascend:" + number).c_str(), &none),
                   GEMEL_INVALID_ARGUMENT,
                   ("device 'ascend:" + number + "': '" + number +
                    "' is no number of a chip; write 'ascend:N' with N from 0")
                       .c_str());
  EXPECT_EQ(none, nullptr);
}

TEST(AscendChips, Spellings) {
  struct {
    const char *soc, *target;
    int cubeCores;
  } cases[] = {{"Ascend910B1", "ascend910b1", 24},
               {"Ascend910B2", "ascend910b2", 24},
               {"Ascend910B2C", "ascend910b2", 24},
               {"Ascend910B3", "ascend910b3", 20},
               {"Ascend910B4", "ascend910b4", 20},
               {"Ascend910B4-1", "ascend910b4", 20},
               {"Ascend910B4_1", "ascend910b4", 20},
               {"ASCEND910B4", "ascend910b4", 20},
               {"910b3", "ascend910b3", 20},
               {"Ascend910B7", "ascend910b", 0},
               {"Ascend910_9391", "ascend910c", 24},
               {"Ascend910_9382", "ascend910c", 24},
               {"Ascend910-9372", "ascend910c", 20},
               {"Ascend910_9362", "ascend910c", 20},
               {"Ascend910_9301", "ascend910c", 0},
               {"Ascend910C", "ascend910c", 0},
               {"Ascend910", nullptr, 0},
               {"Ascend910A", nullptr, 0},
               {"Ascend910B", nullptr, 0},
               {"Ascend910ProB", nullptr, 0},
               {"Ascend910_9579", nullptr, 0},
               {"Ascend310P3", nullptr, 0},
               {"Ascend910B1 and a name that has no end", "ascend910b1", 24},
               {"", nullptr, 0}};
  for (auto &c : cases) {
    gemel::AscendChip chip = gemel::findAscendChip(c.soc);
    EXPECT_STREQ(chip.target, c.target) << c.soc;
    EXPECT_EQ(chip.cubeCores, c.cubeCores) << c.soc;
  }
}

TEST_F(Ascend, MemoryAndStreams) {
  void *memory = nullptr, *none = &memory;
  ASSERT_OK(gemel_memory_allocate(device, 100, &memory));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0u);
  ASSERT_OK(gemel_memory_allocate(device, 0, &none));
  EXPECT_EQ(none, nullptr);
  char text[100] = "there and back", back[100] = "";
  EXPECT_OK(gemel_memory_copy(device, memory, text, 100, stream));
  EXPECT_OK(gemel_memory_fill(device, memory, 'x', 5, stream));
  EXPECT_OK(gemel_memory_copy(device, back, memory, 100, stream));
  wait();
  EXPECT_STREQ(back, "xxxxx and back");
  EXPECT_REFUSED(gemel_memory_allocate(device, size_t{1} << 60, &none),
                 GEMEL_OUT_OF_MEMORY,
                 "ascend:0: aclrtMalloc says ACL_ERROR_RT_MEMORY_ALLOCATION "
                 "(207001)");
  // Of no context, so of no stream that it knows.
  EXPECT_REFUSED(gemel_memory_fill(device, memory, 0, 100, &memory),
                 GEMEL_DEVICE_ERROR,
                 "ascend:0: aclrtMemsetAsync says ACL_ERROR_RT_STREAM_CONTEXT "
                 "(107003)");
  EXPECT_EQ(none, nullptr);
  gemel_memory_free(device, memory);
}

TEST_F(Ascend, ErrorsOfCopiesAreSticky) {
  void *memory = nullptr;
  ASSERT_OK(gemel_memory_allocate(device, 100, &memory));
  char text[1000] = "";
  EXPECT_OK(gemel_memory_copy(device, memory, text, 1000, stream));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(gemel_stream_synchronize(device, stream), GEMEL_DEVICE_ERROR);
    EXPECT_EQ(std::string(gemel_last_error())
                  .find("ascend:0: aclrtSynchronizeStream says "
                        "ACL_ERROR_RT_PARAM_INVALID (107000): a copy of 1000 "
                        "bytes outside every allocation: "),
              0u)
        << gemel_last_error();
  }
  simtest::call<void>("gemelAscendSimReset");
  gemel_memory_free(device, memory);
}

// gemel_ascend_tests runs once for several chips.
TEST_F(Ascend, TakesTheBestTarget) {
  auto which = array<int32_t>({0});
  ASSERT_OK(Call(op("best"), device).array(which.data(), {}).launch());
  std::string chip = simulatedChip();
  int32_t expected = chip == "Ascend910B1"      ? 1  // its own
                     : chip == "Ascend910B2"    ? 1  // as many cores
                     : chip == "Ascend910B3"    ? 3  // its own
                     : chip == "Ascend910B4"    ? 3  // as many cores
                     : chip == "Ascend910_9382" ? 12 // its own
                     : chip == "Ascend910_9362" ? 3  // as many cores
                                                : -1;
  EXPECT_EQ(which.read()[0], expected);
  ASSERT_OK(Call(op("one_chip"), device).array(which.data(), {}).launch());
  EXPECT_EQ(which.read()[0], expected == 3 ? 3 : 1);
  ASSERT_OK(Call(op("plain"), device).array(which.data(), {}).launch());
  EXPECT_EQ(which.read()[0], 0); // built for all
}

TEST_F(Ascend, Units) {
  auto which = array<int32_t>({0});
  ASSERT_OK(Call(op("on_cube"), device).array(which.data(), {}).launch());
  EXPECT_EQ(which.read()[0], 77);
  which.write({5});
  ASSERT_OK(Call(op("second"), device).array(which.data(), {}).launch());
  EXPECT_EQ(which.read()[0], 0); // of the third code
}

TEST_F(Ascend, CodeThatCannotBeLoaded) {
  struct {
    const char *name, *status, *sentence;
  } cases[] = {
      {"wrong_unit", "GEMEL_DEVICE_ERROR",
       "wrong_unit: the object for ascend910b: aclrtBinaryLoadFromData says "
       "ACL_ERROR_RT_PARAM_INVALID (107000): the binary does not load: kernel "
       "'best' is for vector cores, and the magic says cube core"},
      {"text_only", "GEMEL_UNSUPPORTED",
       "text_only: the library has CCE C for ascend910b but no machine code: "
       "ccec of the CANN toolkit was not there when it was compiled; source "
       "the toolkit's set_env.sh and build it again with gemelc"},
      {"damaged", "GEMEL_DEVICE_ERROR",
       "damaged: the object for ascend910b: aclrtBinaryLoadFromData says "
       "ACL_ERROR_RT_PARAM_INVALID (107000): the binary does not load: it is "
       "no ELF file"},
      {"other_code", "GEMEL_DAMAGED_LIBRARY",
       "other_code: the library has no code for 'ascend910b'; build it again "
       "with gemelc"},
      {"no_code", "GEMEL_DAMAGED_LIBRARY",
       "no_code: the library has no code for 'ascend910b'; build it again "
       "with gemelc"},
      {"other_name", "GEMEL_DEVICE_ERROR",
       "other_name: kernel 'best': aclrtBinaryGetFunction says "
       "ACL_ERROR_RT_KERNEL_LOOKUP (507027): the binary has no kernel 'best': "
       "it has group, twice"},
      {"cpu_only", "GEMEL_MISSING_VARIANT",
       "cpu_only: no variant runs on device 'ascend:0', the library was built "
       "for cpu; build it with a --target that this device runs"}};
  for (auto &c : cases) {
    const gemel_op *found = nullptr;
    // Twice: what failed leaves nothing behind that a second try would take.
    for (int i = 0; i < 2; ++i) {
      gemel_status status = gemel_library_op(library, device, c.name, &found);
      EXPECT_STREQ(gemel_status_name(status), c.status) << c.name;
      EXPECT_STREQ(gemel_last_error(), c.sentence) << c.name;
      EXPECT_EQ(found, nullptr);
    }
  }
}

TEST_F(Ascend, ResolvesOncePerDevice) {
  gemel_device *other = nullptr;
  ASSERT_OK(gemel_device_open("ascend", &other));
  EXPECT_EQ(op("which"), op("which"));
  EXPECT_NE(op("which"), op("which", other));
  gemel_device_close(other);
}

TEST(AscendLife, LibraryAndDeviceCloseInEitherOrder) {
  for (bool libraryFirst : {true, false}) {
    gemel_device *device = nullptr;
    gemel_library *library = nullptr;
    const gemel_op *op = nullptr;
    ASSERT_OK(gemel_device_open("ascend", &device));
    ASSERT_OK(gemel_library_from_manifest(&ascendManifest(), &library));
    ASSERT_OK(gemel_library_op(library, device, "best", &op));
    if (libraryFirst)
      gemel_library_close(library);
    gemel_device_close(device);
    if (!libraryFirst)
      gemel_library_close(library);
  }
}

} // namespace
