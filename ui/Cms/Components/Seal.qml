import QtQuick
import QtQuick.Shapes
import Cms.Theme

// The verdict on a whole. Kinds: verified, failed, pending, undecided. Small ones are simpler.
Item {
    id: seal

    property string kind: "verified"
    property real size: Theme.sizeSealInline
    property color behind: Theme.surface
    readonly property bool small: size < Theme.space(5)
    readonly property bool broken: kind === "failed"
    readonly property bool open: kind === "undecided"
    readonly property color mark: broken ? behind : open ? Theme.surface : Theme.verifiedInk
    readonly property string scallops: "M27.80 5.49A4.54 4.54 0 0 1 36.20 5.49A4.54 4.54 0 0 1 44.19 8.08A4.54 4.54 0 0 1 50.98 13.02A4.54 4.54 0 0 1 55.92 19.81A4.54 4.54 0 0 1 58.51 27.80A4.54 4.54 0 0 1 58.51 36.20A4.54 4.54 0 0 1 55.92 44.19A4.54 4.54 0 0 1 50.98 50.98A4.54 4.54 0 0 1 44.19 55.92A4.54 4.54 0 0 1 36.20 58.51A4.54 4.54 0 0 1 27.80 58.51A4.54 4.54 0 0 1 19.81 55.92A4.54 4.54 0 0 1 13.02 50.98A4.54 4.54 0 0 1 8.08 44.19A4.54 4.54 0 0 1 5.49 36.20A4.54 4.54 0 0 1 5.49 27.80A4.54 4.54 0 0 1 8.08 19.81A4.54 4.54 0 0 1 13.02 13.02A4.54 4.54 0 0 1 19.81 8.08A4.54 4.54 0 0 1 27.80 5.49Z"
    readonly property string fewScallops: "M25.58 8.05A6.93 6.93 0 0 1 38.42 8.05A6.93 6.93 0 0 1 49.53 14.47A6.93 6.93 0 0 1 55.95 25.58A6.93 6.93 0 0 1 55.95 38.42A6.93 6.93 0 0 1 49.53 49.53A6.93 6.93 0 0 1 38.42 55.95A6.93 6.93 0 0 1 25.58 55.95A6.93 6.93 0 0 1 14.47 49.53A6.93 6.93 0 0 1 8.05 38.42A6.93 6.93 0 0 1 8.05 25.58A6.93 6.93 0 0 1 14.47 14.47A6.93 6.93 0 0 1 25.58 8.05Z"

    width: size
    height: size
    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Shape {
        anchors.fill: parent
        antialiasing: true

        ShapePath {
            scale: Qt.size(seal.size / 64, seal.size / 64)
            strokeColor: Theme.transparent
            fillColor: seal.broken ? Theme.failed : seal.open ? Theme.notChecked : Theme.verified

            PathSvg {
                path: seal.small ? seal.fewScallops : seal.scallops
            }
        }
        ShapePath {
            scale: Qt.size(seal.size / 64, seal.size / 64)
            strokeColor: seal.small || seal.broken ? Theme.transparent : seal.mark
            strokeWidth: seal.size / 64
            fillColor: Theme.transparent

            PathAngleArc {
                centerX: 32
                centerY: 32
                radiusX: 23
                radiusY: 23
                sweepAngle: 360
            }
        }
        ShapePath {
            scale: Qt.size(seal.size / 64, seal.size / 64)
            strokeColor: seal.mark
            strokeWidth: (seal.small ? 6.4 : seal.broken ? 3.4 : 3.6) * seal.size / 64
            capStyle: seal.broken ? ShapePath.FlatCap : ShapePath.RoundCap
            joinStyle: seal.broken ? ShapePath.MiterJoin : ShapePath.RoundJoin
            fillColor: Theme.transparent

            PathSvg {
                path: seal.broken ? "M33 0L28.5 16L36.5 25L28 36L36 46L31 64" : seal.open ? "M20 32L44 32" : seal.small ? "M20 33L28.5 41.2L44.5 24.5" : "M22.5 32.8L29.2 39.4L42 26"
            }
        }
    }
    Rectangle {
        visible: seal.kind === "pending"
        x: parent.width - width + Theme.space(0.5)
        y: parent.height - height + Theme.space(0.5)
        width: seal.size * 0.42
        height: width
        radius: width / 2
        antialiasing: true
        color: Theme.pending
        border.width: Theme.lineFocusRing
        border.color: seal.behind

        Icon {
            anchors.centerIn: parent
            name: "clock-bold"
            size: parent.width * 0.64
            color: seal.behind
        }
    }
}
