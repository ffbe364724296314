import QtQuick
import Cms.Theme

// The first letters of a name, in a disc.
Rectangle {
    id: disc

    property string name
    property bool accent: false
    property real size: Theme.sizeAvatar

    function initials(name) {
        const words = name.split(",")[0].trim().split(/\s+/).filter(word => word !== "");
        if (words.length === 0)
            return "?";
        const last = words.length > 1 ? words[words.length - 1].charAt(0) : "";
        return String(words[0].charAt(0) + last).toLocaleUpperCase();
    }

    width: size
    height: size
    implicitWidth: size
    implicitHeight: size
    radius: size / 2
    antialiasing: true
    color: accent ? Theme.accentTint : Theme.sunken
    Accessible.ignored: true

    T {
        anchors.centerIn: parent
        role: "smallStrong"
        text: disc.initials(disc.name)
        color: disc.accent ? Theme.accentText : Theme.inkSecondary
    }
}
