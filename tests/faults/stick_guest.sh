#!/bin/sh
# Runs inside user-mode Linux, whose root is the host's: writes go to /mnt (memory) alone.
# Asked by the kernel's command line: MODES, PYTHON, PROJECT. Says STICK lines on the console.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /mnt
end() {
    echo "STICK end"
    echo o > /proc/sysrq-trigger
    sleep 60
}
modules=/usr/lib/uml/modules/$(uname -r)/kernel
for module in fs/nls/nls_cp437 fs/nls/nls_ascii fs/nls/nls_utf8 fs/nls/nls_iso8859-1 fs/fat/fat fs/fat/vfat drivers/md/dm-mod drivers/md/dm-flakey; do
    insmod "$modules/$module.ko" 2>/dev/null
done
mkdir /mnt/u
size=$(blockdev --getsz /dev/ubda)
cd "$PROJECT" || end
pull=0
for MODE in $(echo "$MODES" | tr , " "); do
    pull=$((pull + 1))
    mkfs.vfat -F 32 /dev/ubda >/dev/null 2>&1 || { echo "STICK missing mkfs.vfat"; end; }
    echo "0 $size linear /dev/ubda 0" | dmsetup create usb --noudevsync || { echo "STICK missing dmsetup"; end; }
    dmsetup mknodes
    mount -t vfat -o utf8=1 /dev/mapper/usb /mnt/u || { echo "STICK missing vfat"; end; }
    if [ "$MODE" = liar ] || [ "$MODE" = fooled ]; then
        dmsetup suspend --noudevsync usb
        echo "0 $size flakey /dev/ubda 0 0 60 1 drop_writes" | dmsetup load usb
        dmsetup resume --noudevsync usb
    fi
    : > /mnt/said
    mkfifo /mnt/enough
    "$PYTHON" -m tests.faults.stick --writer /mnt/u "$MODE" /mnt/said /mnt/enough "$pull" &
    writer=$!
    read -r _ < /mnt/enough
    dmsetup suspend --noflush --nolockfs --noudevsync usb
    echo "0 $size error" | dmsetup load usb
    dmsetup resume --noudevsync usb
    kill -9 $writer
    wait $writer 2>/dev/null
    rm /mnt/enough
    umount -l /mnt/u
    mount -t vfat -o ro /dev/ubda /mnt/u && "$PYTHON" -m tests.faults.stick --reader /mnt/u /mnt/said "$pull"
    umount /mnt/u
    dmsetup remove --noudevsync usb 2>/dev/null || dmsetup remove --noudevsync --force usb
done
end
