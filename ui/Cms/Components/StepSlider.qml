import QtQuick
import QtQuick.Templates as Base
import Cms.Theme

// A value between two ends, in steps; arrows move it.
Base.Slider {
    id: slider

    property string name

    implicitWidth: Theme.space(20)
    implicitHeight: Theme.sizeMinimumTarget
    snapMode: Base.Slider.SnapAlways
    live: false
    focusPolicy: Qt.StrongFocus
    Accessible.name: name

    background: Rectangle {
        y: (slider.height - height) / 2
        width: slider.width
        height: Theme.lineFocusRing
        color: Theme.controlBorder

        Rectangle {
            width: slider.visualPosition * parent.width
            height: parent.height
            color: Theme.accent
        }
    }
    handle: Rectangle {
        x: slider.visualPosition * (slider.width - width)
        y: (slider.height - height) / 2
        width: Theme.sizeCheckbox
        height: Theme.sizeCheckbox
        radius: width / 2
        antialiasing: true
        color: Theme.accent

        FocusRing {
            shown: slider.visualFocus
            radius: width / 2
        }
    }
}
