import QtQuick
import Cms.Theme

Rectangle {
    property bool vertical: false
    property bool strong: false

    implicitWidth: Theme.lineHairline
    implicitHeight: Theme.lineHairline
    color: strong ? Theme.hairlineStrong : Theme.hairline
}
