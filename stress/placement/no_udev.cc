// How does a binary with hwloc in it do without libudev? hwloc asks it for the models of disks, which nobody here wants to know, and there is no
// archive of it to link. It is told that there is none; it then reads /run/udev by itself.
struct udev;
struct udev_device;

extern "C" {
udev* udev_new() { return nullptr; }
udev* udev_unref(udev*) { return nullptr; }
udev_device* udev_device_new_from_subsystem_sysname(udev*, const char*, const char*) { return nullptr; }
udev_device* udev_device_unref(udev_device*) { return nullptr; }
const char* udev_device_get_property_value(udev_device*, const char*) { return nullptr; }
}
